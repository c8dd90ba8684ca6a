package io.dmascope.producer.ingest.dmesg;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.TraceReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A capture together with its kernel log: the capture's events with the log's fault lines among
 * them, and issues for what the log could not tell.
 *
 * <p>Where the log has faults the capture is read twice, first for evidence of how the two clocks
 * relate. A device whose faults the trace has itself ({@code iommu:io_page_fault}) keeps those: the
 * log has fewer of them.
 */
public final class DmesgTraceReader implements TraceReader {
  private final TraceReader capture;
  private final DmesgLog log;
  private final OptionalLong offsetNs;

  /**
   * @param capture must give the same events each time it is read, so it is a file
   * @param offsetNs trace stamp minus log stamp, where the user knows it
   */
  public DmesgTraceReader(TraceReader capture, DmesgLog log, OptionalLong offsetNs) {
    this.capture = capture;
    this.log = log;
    this.offsetNs = offsetNs;
  }

  @Override
  public void read(EventSink sink) throws IOException {
    if (log.faults().isEmpty()) {
      capture.read(new IssuesBeforeEnd(sink, ClockJoin.UNKNOWN, List.of()));
      return;
    }
    ClockEvidence evidence = new ClockEvidence();
    capture.read(evidence);
    ClockJoin join = join(evidence);
    List<FaultLine> faults =
        log.faults().stream().filter(fault -> !evidence.hasFaultEvents(fault.device())).toList();
    // Faults outside of the recording are no issue: a log begins at boot and ends when it is
    // copied.
    capture.read(new DmesgMerger(new IssuesBeforeEnd(sink, join, faults), faults, join));
  }

  private ClockJoin join(ClockEvidence evidence) {
    if (offsetNs.isPresent() && evidence.clockCountsTime()) {
      return ClockJoin.told(offsetNs.getAsLong());
    }
    return evidence.join(log);
  }

  /** Reports what the log lacks just before the capture ends, where a reader's own issues stop. */
  private final class IssuesBeforeEnd implements EventSink {
    private final EventSink sink;
    private final ClockJoin join;
    private final List<FaultLine> faults;

    IssuesBeforeEnd(EventSink sink, ClockJoin join, List<FaultLine> faults) {
      this.sink = sink;
      this.join = join;
      this.faults = faults;
    }

    @Override
    public void event(TraceEvent event) {
      if (event instanceof CaptureEnd) {
        issues().forEach(sink::issue);
      }
      sink.event(event);
    }

    @Override
    public void issue(TraceIssue issue) {
      sink.issue(issue);
    }

    private List<TraceIssue> issues() {
      List<TraceIssue> issues = new ArrayList<>();
      long withoutTime = faults.stream().filter(fault -> fault.stampNs().isEmpty()).count();
      if (!faults.isEmpty() && !join.known()) {
        issues.add(issue(faults.size(), "IOMMU faults of the kernel log cannot be placed in time"));
      } else if (withoutTime > 0) {
        issues.add(issue(withoutTime, "IOMMU faults of the kernel log carry no time since boot"));
      }
      if (log.suppressed() > 0) {
        issues.add(issue(log.suppressed(), "IOMMU fault lines were suppressed by the kernel"));
      }
      log.asides().forEach(aside -> issues.add(aside(aside)));
      if (log.notUnderstood() > 0) {
        DmesgLog.FaultLook first = log.firstNotUnderstood().orElseThrow();
        issues.add(
            new TraceIssue(
                TraceIssue.Kind.COMPANION,
                0,
                "%d lines of the kernel log look like IOMMU faults and were not understood; the first"
                        .formatted(log.notUnderstood())
                    + " is line "
                    + first.place(),
                excerpt(first.text())));
      }
      if (log.dropped() > 0) {
        issues.add(issue(log.dropped(), "lines of the kernel log are beyond what is kept"));
      }
      return issues;
    }

    private static TraceIssue aside(DmesgLog.Aside aside) {
      FaultLine first = aside.first();
      String what =
          first.meaning() == FaultLine.Meaning.USER_MEMORY
              ? "of the kernel log are about a process's memory (PASID), not about DMA mappings"
              : "of the kernel log say nothing about mappings: the IOMMU refused before it looked"
                  + " for a page";
      String reason = first.reason().isEmpty() ? "" : " [reason=%s]".formatted(first.reason());
      String device = first.device().isEmpty() ? "" : " [device=%s]".formatted(first.device());
      return issue(
          aside.count(),
          "IOMMU faults %s%s%s [first_line=%d] [addr=0x%x]"
              .formatted(what, reason, device, first.place(), first.iova()));
    }

    private static String excerpt(String text) {
      return text.substring(0, Math.min(text.length(), TraceIssue.EXCERPT_CHARS_MAX));
    }

    private static TraceIssue issue(long count, String message) {
      return new TraceIssue(TraceIssue.Kind.COMPANION, 0, count + " " + message, "");
    }
  }
}
