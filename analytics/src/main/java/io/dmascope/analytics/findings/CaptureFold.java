package io.dmascope.analytics.findings;

import io.dmascope.analytics.report.FindingReport;
import io.dmascope.model.finding.Violation;
import io.dmascope.schemas.codec.CaptureRecord;
import io.dmascope.schemas.codec.Captured;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Puts records of the topics together, capture by capture. */
final class CaptureFold {
  private final Supplier<FindingReport> reports;
  private final Predicate<String> wanted;
  private final Map<String, Partial> captures = new TreeMap<>();

  /** One capture while it is put together. */
  private static final class Partial {
    private final FindingReport report;
    private boolean started;
    private boolean ended;

    Partial(FindingReport report) {
      this.report = report;
    }
  }

  /**
   * @param reports makes an empty report for each capture
   */
  CaptureFold(Supplier<FindingReport> reports, Predicate<String> wanted) {
    this.reports = reports;
    this.wanted = wanted;
  }

  void capture(CaptureRecord capture) {
    if (!wanted.test(capture.captureId())) {
      return;
    }
    Partial into = captures.computeIfAbsent(capture.captureId(), _ -> new Partial(reports.get()));
    switch (capture) {
      case CaptureRecord.Started started -> {
        into.started = true;
        into.report.facts(started.facts());
      }
      case CaptureRecord.Ended ended -> {
        into.ended = true;
        into.report.input(ended.input());
        into.report.coverage(ended.coverage());
      }
    }
  }

  /** Violations of one capture have to come in the order of their topic. */
  void violation(Captured<Violation> violation) {
    Partial into = captures.get(violation.captureId());
    if (into != null) {
      into.report.violation(violation.value());
    }
  }

  /** By capture id; a capture that nothing but its end is known of is left out. */
  List<ReplayedCapture> captures() {
    List<ReplayedCapture> list = new ArrayList<>();
    captures.forEach(
        (id, capture) -> {
          if (capture.started) {
            list.add(new ReplayedCapture(id, capture.report.report(), capture.ended));
          }
        });
    return list;
  }
}
