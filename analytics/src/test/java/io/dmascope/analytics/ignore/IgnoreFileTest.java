package io.dmascope.analytics.ignore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Verdict;
import io.dmascope.model.finding.Violation;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IgnoreFileTest {
  private static final CaptureFacts FACTS = facts("6.12.107+deb13-amd64");

  @Test
  void entry_takesWhatAgreesWithEachOfItsKeys() throws IgnoreFileException {
    Ignores ignores = ignores("DMA-MAP-* device=0000:03:* task=\"my task\" reason=\"known\"");

    assertThat(ignores.entryFor(violation("DMA-MAP-001", "0000:03:00.0", "my task"), FACTS))
        .hasValueSatisfying(entry -> assertThat(entry.reason()).isEqualTo("known"));
    assertThat(ignores.entryFor(violation("DMA-SG-001", "0000:03:00.0", "my task"), FACTS))
        .isEmpty();
    assertThat(ignores.entryFor(violation("DMA-MAP-001", "0000:04:00.0", "my task"), FACTS))
        .isEmpty();
    assertThat(ignores.entryFor(violation("DMA-MAP-001", "0000:03:00.0", "bash"), FACTS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "6.12, 6.12.107, true",
    "6.12, 6.13.1, false",
    "6.12.100.., 6.12.107+deb13, true",
    "6.12.100.., 6.12.48, false",
    "..6.12, 6.12.107, true",
    "6.6..6.18, 6.18.3, true",
    "6.6..6.18, 7.2.13, false",
    "7.2, 7.2-rc3, true",
    "6.12, '', false"
  })
  void kernelRange_includesBothItsEnds(String range, String release, boolean taken)
      throws IgnoreFileException {
    Ignores ignores = ignores("DMA-MAP-001 kernel=" + range + " reason=x");

    assertThat(ignores.entryFor(violation("DMA-MAP-001", "d", "t"), facts(release)).isPresent())
        .isEqualTo(taken);
  }

  @Test
  void entry_holdsOnItsLastDayAndNoLonger() throws IgnoreFileException {
    String line = "DMA-MAP-001 until=2027-03-31 reason=x";
    Violation violation = violation("DMA-MAP-001", "d", "t");

    Ignores lastDay = new Ignores(file(line), Optional.of(LocalDate.of(2027, 3, 31)));
    assertThat(lastDay.entryFor(violation, FACTS)).isPresent();
    assertThat(lastDay.expired()).isEmpty();

    Ignores dayAfter = new Ignores(file(line), Optional.of(LocalDate.of(2027, 4, 1)));
    assertThat(dayAfter.entryFor(violation, FACTS)).isEmpty();
    assertThat(dayAfter.expired()).hasSize(1);
    assertThat(dayAfter.unused()).describedAs("told once").isEmpty();
  }

  @Test
  void withoutADate_nothingExpiresAndThatIsSaid() throws IgnoreFileException {
    Ignores ignores = ignores("DMA-MAP-001 until=2001-01-01 reason=x");

    assertThat(ignores.entryFor(violation("DMA-MAP-001", "d", "t"), FACTS)).isPresent();
    assertThat(ignores.undated()).isEqualTo(1);
  }

  @Test
  void unusedEntries_areKnown() throws IgnoreFileException {
    Ignores ignores = ignores("DMA-MAP-001 reason=x", "# a comment", "", "DMA-MAP-002 reason=y");
    assertThat(ignores.entryFor(violation("DMA-MAP-001", "d", "t"), FACTS)).isPresent();

    assertThat(ignores.unused()).extracting(IgnoreEntry::line).containsExactly(4);
  }

  @Test
  void quotedValue_mayContainQuotesAndHashes() throws IgnoreFileException {
    assertThat(
            file("X-1 reason=\"see \\\"that\\\" #4711 \\\\\" # comment")
                .entries()
                .getFirst()
                .reason())
        .isEqualTo("see \"that\" #4711 \\");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DMA-MAP-001",
        "DMA-MAP-001 reason=\" \"",
        "dma-map-001 reason=x",
        "DMA-MAP-001 reason=x reason=y",
        "DMA-MAP-001 colour=red reason=x",
        "DMA-MAP-001 until=soon reason=x",
        "DMA-MAP-001 until=2027-02-30 reason=x",
        "DMA-MAP-001 kernel=new reason=x",
        "DMA-MAP-001 kernel=.. reason=x",
        "DMA-MAP-001 reason=\"open",
        "DMA-MAP-001 reason",
        "DMA-MAP-001 device=a#b reason=x",
      })
  void badEntry_isAnErrorWithItsLine(String line) {
    assertThatThrownBy(() -> file("# first", line))
        .isInstanceOf(IgnoreFileException.class)
        .hasMessageStartingWith("ignore:2: ");
  }

  @ParameterizedTest
  @CsvSource({
    "a*b*c, axxbyyc, true",
    "a*b*c, axxbyy, false",
    "*, '', true",
    "?, '', false",
    "a?c, abc, true",
    "**a, ba, true",
    "abc, ab, false"
  })
  void glob_matchesTheWholeText(String pattern, String text, boolean matches) {
    assertThat(new Glob(pattern).matches(text)).isEqualTo(matches);
  }

  private static Ignores ignores(String... lines) throws IgnoreFileException {
    return new Ignores(file(lines), Optional.empty());
  }

  private static IgnoreFile file(String... lines) throws IgnoreFileException {
    return IgnoreFile.parse("ignore", List.of(lines));
  }

  private static CaptureFacts facts(String release) {
    return new CaptureFacts("c", "trace.txt", "ftrace-text", release, "", false);
  }

  private static Violation violation(String rule, String device, String task) {
    return new Violation(
        rule,
        Severity.ERROR,
        Verdict.CERTAIN,
        device,
        0x1000,
        4096,
        DmaDirection.TO_DEVICE,
        new EventRef(1, 1, 0, 1, task, 1),
        "message",
        List.of());
  }
}
