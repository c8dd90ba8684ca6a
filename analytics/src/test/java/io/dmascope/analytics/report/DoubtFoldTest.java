package io.dmascope.analytics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.finding.DoubtKind;
import io.dmascope.model.finding.Violation;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DoubtFoldTest {
  private static final EnumSet<DoubtKind> OF_THE_RECORDING =
      EnumSet.of(DoubtKind.LOSSES, DoubtKind.LATE_START);

  @ParameterizedTest
  @EnumSource(DoubtKind.class)
  void kindAlone_decidesWhetherManyAreFolded(DoubtKind kind) {
    CaptureReport report =
        Samples.report(
            Grouping.CAUSE,
            Samples.lost(1000),
            Samples.suspicions("nvme", kind, "events were lost before, or so it says"));

    assertThat(report.unjudged().isEmpty()).isEqualTo(!OF_THE_RECORDING.contains(kind));
    assertThat(report.findings().isEmpty()).isEqualTo(OF_THE_RECORDING.contains(kind));
  }

  @Test
  void twoKindsOfTheRecording_areToldApart() {
    CaptureReport report = Samples.report(Grouping.CAUSE, Samples.lost(1000), both());

    assertThat(report.unjudged())
        .extracting(Unjudged::doubt)
        .containsExactly(DoubtKind.LOSSES, DoubtKind.LATE_START);
    assertThat(report.unjudged()).extracting(Unjudged::because).doesNotHaveDuplicates();
  }

  private static Violation[] both() {
    return Stream.of(
            Samples.suspicions("nvme"),
            Samples.suspicions("nvme", DoubtKind.LATE_START, "it may have been before"))
        .flatMap(Arrays::stream)
        .toArray(Violation[]::new);
  }
}
