package io.dmascope.analytics;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.DoubtKind;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.RuleCoverage.NotChecked;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Verdict;
import io.dmascope.model.finding.Violation;
import java.util.List;

/** Feeds a state with a plausible capture, one interval of event time at each step. */
final class SampleFeed {
  static final List<String> DEVICES =
      List.of("0000:00:03.0", "0000:00:04.0", "0000:01:00.0", "0000:02:00.0");
  private static final long STEP_NS = 100_000_000L;
  private static final int EVENTS_PER_STEP = 2_000;

  private final AnalyticsState state;
  private final String captureId;
  private long step;
  private long sequence;

  SampleFeed(AnalyticsState state, String captureId) {
    this.state = state;
    this.captureId = captureId;
    state.capture(
        new CaptureFacts(
            captureId,
            captureId + ".txt.zst",
            "ftrace-text",
            "6.12.107+deb13-amd64",
            "local",
            true));
  }

  long timestampNs() {
    return 11_000_000_000L + step * STEP_NS;
  }

  void step() {
    step++;
    sequence += EVENTS_PER_STEP;
    for (int i = 0; i < DEVICES.size(); i++) {
      String device = DEVICES.get(i);
      state.output(captureId).summary(summary(device, i));
      state.output(captureId).lifecycle(lifecycle(device, (1L + i) * 700_000L * (1 + step % 7)));
    }
    if (step % 3 == 0) {
      violation("DMA-MAP-00" + (1 + step % 4), Severity.ERROR, Confidence.CERTAIN);
    }
    if (step % 5 == 0) {
      violation("DMA-SYN-001", Severity.WARNING, Confidence.SUSPECT);
    }
    state.input(
        captureId, new InputCounts(sequence + 11, sequence, sequence - 3, 11, 3, step / 10 * 40));
  }

  void end() {
    state.coverage(
        captureId,
        new RuleCoverage(
            List.of("DMA-MAP-001", "DMA-MAP-002"),
            List.of(new NotChecked("IOV-DOM-001", "no iommu events were recorded"))));
  }

  void violation(String rule, Severity severity, Confidence confidence) {
    state.output(captureId).violation(violation(rule, severity, confidence, DEVICES.get(0)));
  }

  Violation violation(String rule, Severity severity, Confidence confidence, String device) {
    return new Violation(
        rule,
        severity,
        confidence == Confidence.CERTAIN
            ? Verdict.CERTAIN
            : Verdict.suspect(DoubtKind.LOSSES, "events were lost on CPU 2 since the mapping"),
        device,
        0xfffff000L + step * 0x1000,
        4096,
        DmaDirection.FROM_DEVICE,
        at(0),
        "unmaps 4096 bytes of a mapping of 8192 [dma_addr=0x%016x] [mapped=8192] [unmapped=4096]"
            .formatted(0xfffff000L + step * 0x1000),
        List.of(new RelatedEvent("mapped here", at(3_200_000))));
  }

  MappingLifecycle lifecycle(String device, long lifetimeNs) {
    return new MappingLifecycle(
        device,
        MappingKind.SINGLE,
        DmaDirection.TO_DEVICE,
        0x1000,
        4096,
        1,
        1,
        at(lifetimeNs),
        at(0));
  }

  private DeviceSummary summary(String device, int index) {
    long live = (long) (40 + 30 * Math.sin(step / (3.0 + index))) + 20L * index;
    long maps = step * 400 * (index + 1);
    return new DeviceSummary(
        device,
        timestampNs(),
        sequence,
        live,
        live * 4096,
        maps,
        maps - live,
        index,
        maps * 4096,
        index == 2 ? maps / 4 : 0,
        index == 2 ? maps * 1024 : 0,
        maps * 3,
        maps * 2,
        0);
  }

  private EventRef at(long earlierNs) {
    return new EventRef(sequence, timestampNs() - earlierNs, 2, 175, "kworker/2:1H", sequence + 11);
  }
}
