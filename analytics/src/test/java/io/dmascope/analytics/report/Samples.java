package io.dmascope.analytics.report;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.DoubtKind;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.PremiseKind;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.RuleCoverage.NotChecked;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Verdict;
import io.dmascope.model.finding.Violation;
import java.util.List;

/** A capture's conclusions as tests need them. */
final class Samples {
  static final CaptureFacts FACTS =
      new CaptureFacts("rig-1", "trace.txt", "ftrace-text", "6.12.107", "local", false);
  static final InputCounts INPUT = new InputCounts(1203, 600, 541, 660, 2, 0);
  static final RuleCoverage COVERAGE =
      new RuleCoverage(
          List.of("DMA-MAP-001", "DMA-MAP-003"),
          List.of(
              new NotChecked("DMA-SYN-001", "the capture has no sync event"),
              new NotChecked("DMA-SYN-002", "the capture has no sync event"),
              new NotChecked("IOV-001", "the capture has no iommu:map")));

  private Samples() {}

  static EventRef event(long line) {
    return new EventRef(line - 12, 15_333_807_000L + line * 1000, 3, 73, "bash", line);
  }

  static Violation doubleUnmap(String device, long line, long dmaAddr) {
    return doubleUnmap(device, line, dmaAddr, event(line));
  }

  static Violation doubleUnmap(String device, long line, long dmaAddr, EventRef at) {
    return new Violation(
        "DMA-MAP-001",
        Severity.ERROR,
        Verdict.CERTAIN,
        device,
        dmaAddr,
        8192,
        DmaDirection.TO_DEVICE,
        at,
        "unmaps what is not mapped [dma_addr=0x%x] [size=8192]".formatted(dmaAddr),
        List.of(new RelatedEvent("unmapped here", event(line - 1))));
  }

  static Violation wrongSize(String device, long line, String because) {
    return new Violation(
        "DMA-MAP-003",
        Severity.WARNING,
        Verdict.told(List.of(PremiseKind.OBJECT_STANDS), DoubtKind.LOSSES, because),
        device,
        0xffffe000L,
        4096,
        DmaDirection.FROM_DEVICE,
        event(line),
        "unmaps with another size than it was mapped with [map size=8192] [unmap size=4096]",
        List.of(new RelatedEvent("mapped here", event(line - 2))));
  }

  /** A recording that lost so many events. */
  static InputCounts lost(long events) {
    return new InputCounts(1203, 600, 543, 660, 0, events);
  }

  /** Suspicions of four kinds about a device, which lost events may explain. */
  static Violation[] suspicions(String device) {
    return suspicions(device, DoubtKind.LOSSES, "events were lost before on CPU 1");
  }

  /** Suspicions of four kinds about a device. */
  static Violation[] suspicions(String device, DoubtKind doubt, String because) {
    return new Violation[] {
      suspicion("DMA-MAP-001", device, 100, doubt, because),
      suspicion("DMA-MAP-003", device, 101, doubt, because),
      suspicion("DMA-MAP-004", device, 101, doubt, because),
      suspicion("DMA-MAP-008", device, 102, doubt, because + ", and a wrong unmap of this device"),
      suspicion("DMA-MAP-001", device, 103, doubt, because)
    };
  }

  static Violation suspicion(
      String rule, String device, long line, DoubtKind doubt, String because) {
    return new Violation(
        rule,
        Severity.ERROR,
        Verdict.suspect(doubt, because),
        device,
        0x1000,
        4096,
        DmaDirection.TO_DEVICE,
        event(line),
        "does what it should not",
        List.of());
  }

  static CaptureReport report(Grouping grouping, Violation... violations) {
    return report(grouping, INPUT, violations);
  }

  static CaptureReport report(Grouping grouping, InputCounts input, Violation... violations) {
    FindingReport report = new FindingReport(grouping);
    report.facts(FACTS);
    for (Violation violation : violations) {
      report.violation(violation);
    }
    report.coverage(COVERAGE);
    report.input(input);
    return report.report();
  }
}
