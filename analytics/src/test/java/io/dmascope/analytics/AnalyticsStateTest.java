package io.dmascope.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.analytics.AnalyticsState.Overflow;
import io.dmascope.analytics.ignore.IgnoreFile;
import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.analytics.report.Finding;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Severity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnalyticsStateTest {
  private static final RuleCoverage ALL_CHECKED =
      new RuleCoverage(List.of("DMA-MAP-001"), List.of());

  private final AnalyticsState state = new AnalyticsState(new AnalyticsLimits(2, 3, 4, 16));
  private final SampleFeed feed = new SampleFeed(state, "rig1");

  @Test
  void findings_areCountedByDeviceRuleSeverityAndConfidence() {
    feed.violation("DMA-MAP-001", Severity.ERROR, Confidence.CERTAIN);
    feed.violation("DMA-MAP-001", Severity.ERROR, Confidence.CERTAIN);
    feed.violation("DMA-MAP-001", Severity.ERROR, Confidence.SUSPECT);

    String device = SampleFeed.DEVICES.get(0);
    assertThat(capture("rig1").findings())
        .containsEntry(
            new FindingKey(device, "DMA-MAP-001", Severity.ERROR, Confidence.CERTAIN), 2L)
        .containsEntry(
            new FindingKey(device, "DMA-MAP-001", Severity.ERROR, Confidence.SUSPECT), 1L);
  }

  @Test
  void ignoredFindings_areCountedApartAndNowhereElse() throws Exception {
    IgnoreFile file =
        IgnoreFile.parse(
            "ignore",
            List.of(
                "DMA-MAP-001 kernel=6.12 reason=known", "DMA-MAP-003 kernel=7.0 reason=elsewhere"));
    AnalyticsState ignoring =
        new AnalyticsState(new AnalyticsLimits(2, 3, 4, 16), new Ignores(file, Optional.empty()));
    SampleFeed rig = new SampleFeed(ignoring, "rig1");
    rig.violation("DMA-MAP-001", Severity.ERROR, Confidence.CERTAIN);
    rig.violation("DMA-MAP-001", Severity.ERROR, Confidence.CERTAIN);
    rig.violation("DMA-MAP-003", Severity.ERROR, Confidence.CERTAIN);

    CaptureAggregate capture = ignoring.captures().forRecord("rig1");
    assertThat(capture.ignored()).containsExactly(Map.entry("DMA-MAP-001", 2L));
    assertThat(capture.findings().keySet())
        .extracting(FindingKey::rule)
        .containsExactly("DMA-MAP-003");
    assertThat(capture.devices()).extracting(DeviceAggregate::findings).containsExactly(1L);
    assertThat(capture.page().report().findings()).hasSize(1);
  }

  @Test
  void summary_thatComesTwice_changesNothing() {
    state.summary("rig1", summary("nvme0", 10, 7));
    state.summary("rig1", summary("nvme0", 10, 7));

    assertThat(device("rig1", "nvme0").total(DeviceSummary::liveMappings)).isEqualTo(7);
    assertThat(capture("rig1").eventsReplayed()).isEqualTo(11);
  }

  @Test
  void summary_olderThanTheLast_changesNothing() {
    state.summary("rig1", summary("nvme0", 10, 7));
    state.summary("rig1", summary("nvme0", 4, 99));

    assertThat(device("rig1", "nvme0").total(DeviceSummary::liveMappings)).isEqualTo(7);
    assertThat(capture("rig1").eventsReplayed()).isEqualTo(11);
  }

  @Test
  void result_thatIsReadBeforeTheSummaries_leavesTheTimelineWhole() {
    state.ended("rig1", 99, new InputCounts(100, 100, 100, 0, 0, 0), ALL_CHECKED);
    state.summary("rig1", summary("nvme0", 10, 7));
    state.summary("rig1", summary("nvme0", 20, 7));

    assertThat(capture("rig1").eventsReplayed()).isEqualTo(100);
    assertThat(capture("rig1").timeline().column(0)).containsExactly(11, 21);
  }

  @Test
  void devicesBeyondTheLimit_areSummedUnderOtherAndCounted() {
    for (int i = 0; i < 5; i++) {
      state.summary("rig1", summary("dev" + i, 10, 7));
    }

    assertThat(capture("rig1").devices())
        .extracting(DeviceAggregate::label)
        .containsExactly("dev0", "dev1", "dev2", "other");
    assertThat(device("rig1", "other").total(DeviceSummary::liveMappings)).isEqualTo(14);
    assertThat(state.overflows()).containsEntry(Overflow.DEVICE, 2L);
  }

  @Test
  void sourcesBehindOther_beyondWhatCanBeSummed_areCounted() {
    for (int i = 0; i < 3 + Latest.SOURCES_MAX + 2; i++) {
      state.summary("rig1", summary("dev" + i, 10, 1));
    }

    assertThat(device("rig1", "other").total(DeviceSummary::liveMappings))
        .isEqualTo(Latest.SOURCES_MAX);
    assertThat(state.overflows()).containsEntry(Overflow.SOURCE, 2L);
  }

  @Test
  void findingSeriesBeyondTheLimit_areCountedUnderOther() {
    for (int i = 0; i < 6; i++) {
      feed.violation("DMA-" + i, Severity.ERROR, Confidence.CERTAIN);
    }

    assertThat(capture("rig1").findings())
        .containsEntry(new FindingKey("other", "other", Severity.ERROR, Confidence.CERTAIN), 2L);
    assertThat(state.overflows()).containsEntry(Overflow.FINDING, 2L);
  }

  @Test
  void newCapture_takesThePlaceOfTheLongestEndedOne() {
    state.coverage("rig1", ALL_CHECKED);
    state.progress("rig2", 5, 5);
    state.progress("rig3", 5, 5);

    assertThat(state.captures().all())
        .extracting(CaptureAggregate::label)
        .containsExactly("rig2", "rig3");
    assertThat(state.captures().retired()).isEqualTo(1);
  }

  @Test
  void newCapture_whileAllAreBusy_isSummedUnderOther() {
    state.progress("rig1", 1, 1);
    state.progress("rig2", 2, 2);
    state.progress("rig3", 3, 3);
    state.progress("rig4", 4, 4);

    assertThat(capture("other").eventsReplayed()).isEqualTo(4 + 5);
    assertThat(state.overflows()).containsEntry(Overflow.CAPTURE, 2L);
  }

  @Test
  void capturesBehindOther_withDevicesOfOneName_areSummedApart() {
    state.progress("rig2", 1, 1);
    state.summary("rig3", summary("nvme0", 10, 7));
    state.summary("rig4", summary("nvme0", 10, 7));

    assertThat(device("other", "nvme0").total(DeviceSummary::liveMappings)).isEqualTo(14);
  }

  @Test
  void busyCapture_withoutRecordsForLong_makesRoom() {
    for (long i = 0; i <= CaptureTable.IDLE_RECORDS + 1; i++) {
      state.progress("rig2", i, i);
    }
    state.progress("rig3", 1, 1);

    assertThat(state.captures().all())
        .extracting(CaptureAggregate::label)
        .containsExactly("rig2", "rig3");
  }

  @Test
  void causes_areFoldedAsInACheckAndEachIsCounted() {
    for (int i = 0; i < 8; i++) {
      feed.violation("DMA-MAP-001", Severity.ERROR, Confidence.CERTAIN);
    }

    assertThat(capture("rig1").page().report().findings())
        .singleElement()
        .extracting(Finding::count)
        .isEqualTo(8L);
  }

  @Test
  void longNames_areCut() {
    String longName = "d".repeat(10_000);
    state.summary("rig1", summary(longName, 1, 1));
    state.violation("rig1", feed.violation(longName, Severity.ERROR, Confidence.CERTAIN, longName));

    assertThat(device("rig1", "d".repeat(127) + "…").findings()).isEqualTo(1);
    assertThat(capture("rig1").page().report().findings().getFirst().first().ruleId()).hasSize(128);
  }

  private CaptureAggregate capture(String label) {
    return state.captures().named(label).orElseThrow();
  }

  private DeviceAggregate device(String capture, String device) {
    return capture(capture).devices().stream()
        .filter(aggregate -> aggregate.label().equals(device))
        .findFirst()
        .orElseThrow();
  }

  private static DeviceSummary summary(String device, long sequence, long liveMappings) {
    return new DeviceSummary(
        device, sequence * 1000, sequence, liveMappings, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }
}
