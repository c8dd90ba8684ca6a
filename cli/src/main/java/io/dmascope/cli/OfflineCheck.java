package io.dmascope.cli;

import io.dmascope.analytics.report.CaptureReport;
import io.dmascope.analytics.report.FindingReport;
import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.TraceReader;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Replays one capture in this process and reports what it broke. */
final class OfflineCheck {
  private static final int PROGRESS_EVERY = 1 << 12;

  private final DmaModel model = new DmaModel();
  private final FindingReport report;
  private final boolean leaks;
  private long events;

  /**
   * @param report empty
   */
  OfflineCheck(FindingReport report) {
    this(report, false);
  }

  /**
   * @param report empty
   * @param leaks true to report what is live at the end, too
   */
  OfflineCheck(FindingReport report, boolean leaks) {
    this.report = report;
    this.leaks = leaks;
  }

  /**
   * Reads the whole capture; to be called once.
   *
   * @param issues called on the reading thread
   * @param progress told the number of events, now and then
   */
  CaptureReport run(TraceReader reader, Consumer<TraceIssue> issues, LongConsumer progress)
      throws IOException {
    new EventHandover(reader, issues)
        .forEach(
            event -> {
              apply(event);
              if (++events % PROGRESS_EVERY == 0) {
                progress.accept(events);
              }
            });
    if (leaks) {
      report.live(model.liveSites());
    }
    return report.report();
  }

  private void apply(TraceEvent event) {
    if (event instanceof CaptureStart start) {
      report.facts(start.facts());
    } else if (event instanceof CaptureEnd end) {
      report.input(end.input());
    }
    model.apply(event, report);
  }
}
