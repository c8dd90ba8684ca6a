package io.dmascope.analytics.report;

import static io.dmascope.analytics.report.Samples.doubleUnmap;
import static io.dmascope.analytics.report.Samples.event;
import static io.dmascope.analytics.report.Samples.wrongSize;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.model.finding.DoubtKind;
import io.dmascope.model.finding.Violation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class FindingReportTest {
  @Test
  void sameRuleDeviceAndShape_areOneFinding() {
    Violation[] flood = new Violation[10];
    for (int i = 0; i < flood.length; i++) {
      flood[i] = doubleUnmap("0000:00:0c.0", 100 + i, 0xffffe000L - i * 0x1000L);
    }

    List<Finding> findings = Samples.report(Grouping.CAUSE, flood).findings();

    assertThat(findings)
        .containsExactly(
            new Finding(flood[0], 10, List.of(event(101), event(102), event(103)), event(109)));
  }

  @Test
  void anotherDevice_isAnotherFinding() {
    assertThat(
            Samples.report(
                    Grouping.CAUSE,
                    doubleUnmap("0000:00:0c.0", 100, 0x1000),
                    doubleUnmap("0000:00:0d.0", 101, 0x1000))
                .findings())
        .hasSize(2);
  }

  @Test
  void certainAndSuspect_areNotMixed() {
    assertThat(
            Samples.report(
                    Grouping.CAUSE,
                    wrongSize("nvme", 100, ""),
                    wrongSize("nvme", 101, "3 events were lost on CPU 1"),
                    wrongSize("nvme", 102, "4 events were lost on CPU 2"))
                .findings())
        .extracting(Finding::count)
        .containsExactly(1L, 2L);
  }

  @Test
  void eachOccurrence_isAFindingOfItsOwnWhereAsked() {
    Violation violation = doubleUnmap("nvme", 100, 0x1000);

    assertThat(Samples.report(Grouping.OCCURRENCE, violation, violation).findings())
        .extracting(Finding::count)
        .containsExactly(1L, 1L);
  }

  @Test
  void findings_standInTheOrderOfTheirFirstEvent() {
    assertThat(
            Samples.report(
                    Grouping.CAUSE,
                    wrongSize("b", 100, ""),
                    doubleUnmap("a", 101, 0x1000),
                    wrongSize("b", 102, ""))
                .findings())
        .extracting(finding -> finding.first().at().place())
        .containsExactly(100L, 101L);
  }

  @Test
  void moreCausesThanCanBeHeld_areCountedByRule() {
    FindingReport report = new FindingReport(Grouping.OCCURRENCE, Ignores.none(), 2);
    for (int line = 100; line < 110; line++) {
      report.violation(doubleUnmap("device-" + line, line, 0x1000));
      report.violation(wrongSize("device-" + line, line, ""));
    }

    List<Finding> findings = report.report().findings();

    assertThat(findings).hasSize(4);
    assertThat(findings.stream().mapToLong(Finding::count).sum()).isEqualTo(20);
  }

  @Test
  void manySuspicionsThatLossesExplain_areNotJudged() {
    CaptureReport report =
        Samples.report(Grouping.CAUSE, Samples.lost(4), Samples.suspicions("nvme"));

    assertThat(report.findings()).isEmpty();
    assertThat(report.unjudged())
        .containsExactly(
            new Unjudged(
                DoubtKind.LOSSES,
                "nvme",
                new TreeMap<>(
                    Map.of(
                        "DMA-MAP-001", 2L,
                        "DMA-MAP-003", 1L,
                        "DMA-MAP-004", 1L,
                        "DMA-MAP-008", 1L)),
                event(100),
                event(103)));
  }

  @Test
  void moreSuspiciousEventsThanWereLost_areFindings() {
    CaptureReport report =
        Samples.report(Grouping.CAUSE, Samples.lost(3), Samples.suspicions("nvme"));

    assertThat(report.findings()).hasSize(4);
    assertThat(report.unjudged()).isEmpty();
  }

  @Test
  void fewSuspicions_areLookedAtOneByOne() {
    CaptureReport report =
        Samples.report(
            Grouping.CAUSE,
            Samples.lost(1000),
            Arrays.copyOf(Samples.suspicions("nvme"), DoubtFold.FINDINGS_SHOWN_MAX));

    assertThat(report.findings()).hasSize(DoubtFold.FINDINGS_SHOWN_MAX);
  }

  @Test
  void manySuspicionsThatALateStartExplains_areNotJudgedHoweverManyTheyAre() {
    CaptureReport report =
        Samples.report(
            Grouping.CAUSE,
            Samples.lost(0),
            Samples.suspicions("nvme", DoubtKind.LATE_START, "nobody reads this"));

    assertThat(report.findings()).isEmpty();
    assertThat(report.unjudged())
        .extracting(Unjudged::doubt, Unjudged::occurrences)
        .containsExactly(tuple(DoubtKind.LATE_START, 5L));
  }

  @Test
  void faults_areAlwaysTold() {
    FindingReport report = new FindingReport(Grouping.CAUSE);
    List.of(Samples.suspicions("nvme")).forEach(report::violation);
    report.violation(
        Samples.suspicion(
            "IOV-012", "nvme", 120, DoubtKind.LOSSES, "events were lost before on CPU 1"));
    report.input(Samples.lost(1000));

    assertThat(report.report().findings())
        .extracting(finding -> finding.first().ruleId())
        .containsExactly("IOV-012");
  }

  @Test
  void whatIsCertainOrDoubtedForAnotherReason_staysAFinding() {
    FindingReport report = new FindingReport(Grouping.CAUSE);
    List.of(Samples.suspicions("nvme")).forEach(report::violation);
    report.violation(doubleUnmap("nvme", 110, 0x1000));
    report.violation(
        Samples.suspicion(
            "DMA-MAP-003", "nvme", 111, DoubtKind.LICENCE, "it may leave out unmaps"));
    report.input(Samples.lost(1000));

    assertThat(report.report().findings())
        .extracting(finding -> finding.first().at().place())
        .containsExactly(110L, 111L);
  }

  @Test
  void eachOccurrence_isShownWhereAskedHoweverMany() {
    CaptureReport report =
        Samples.report(Grouping.OCCURRENCE, Samples.lost(1000), Samples.suspicions("nvme"));

    assertThat(report.findings()).hasSize(5);
    assertThat(report.unjudged()).isEmpty();
  }
}
