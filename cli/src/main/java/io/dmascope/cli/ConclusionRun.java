package io.dmascope.cli;

import io.dmascope.analytics.report.CaptureReport;
import io.dmascope.analytics.report.FindingReport;
import io.dmascope.analytics.report.Grouping;
import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Violation;
import io.dmascope.producer.ingest.TraceReader;
import io.dmascope.tables.Aggregate;
import io.dmascope.tables.Aggregates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Replays one capture in this process, as check does, and hands over all that it comes to. */
final class ConclusionRun implements ModelOutput {
  private static final int PROGRESS_EVERY = 1 << 12;

  private final DmaModel model = new DmaModel();
  private final FindingReport report = new FindingReport(Grouping.CAUSE);
  private final CaptureConclusions conclusions;
  private final Aggregates aggregates;
  private long events;

  /**
   * @param windowNs length of the aggregates' windows
   */
  ConclusionRun(long windowNs, CaptureConclusions conclusions) {
    this.conclusions = conclusions;
    this.aggregates = new Aggregates(windowNs, model::liveSites, this::aggregate);
  }

  /** Reads the whole capture; to be called once. */
  CaptureReport run(TraceReader reader, Consumer<TraceIssue> issues, LongConsumer progress)
      throws IOException {
    try {
      new EventHandover(reader, issues)
          .forEach(
              event -> {
                apply(event);
                if (++events % PROGRESS_EVERY == 0) {
                  progress.accept(events);
                }
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    CaptureReport complete = report.report();
    conclusions.end(complete.findings(), aggregates.ruleCounts());
    return complete;
  }

  private void apply(TraceEvent event) {
    try {
      if (event instanceof CaptureStart start) {
        report.facts(start.facts());
        conclusions.facts(start.facts());
      } else if (event instanceof CaptureEnd end) {
        report.input(end.input());
      }
      aggregates.before(event);
      conclusions.event(event);
      model.apply(event, this);
      aggregates.event(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void aggregate(Aggregate aggregate) {
    try {
      conclusions.aggregate(aggregate);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void violation(Violation violation) {
    report.violation(violation);
    aggregates.violation(violation);
  }

  @Override
  public void lifecycle(MappingLifecycle life) {
    aggregates.lifecycle(life);
    try {
      conclusions.lifecycle(life);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void summary(DeviceSummary summary) {
    try {
      conclusions.summary(summary);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void coverage(RuleCoverage coverage) {
    report.coverage(coverage);
  }
}
