package io.dmascope.cli;

import io.dmascope.analytics.report.Finding;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.tables.Aggregate;
import io.dmascope.tables.RuleCount;
import io.dmascope.tables.WallTime;
import io.dmascope.tables.openmetrics.OpenMetrics;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Writes a capture's aggregates as samples of the time when they happened. */
final class OpenMetricsConclusions implements CaptureConclusions {
  private final List<Aggregate> aggregates = new ArrayList<>();
  private final Writer out;
  private final OptionalLong baseNs;
  private CaptureFacts facts;
  private long firstNs = Long.MIN_VALUE;

  /**
   * @param baseNs wall time of the first window where the user told it, since 1970
   */
  OpenMetricsConclusions(OptionalLong baseNs, Writer out) {
    this.baseNs = baseNs;
    this.out = out;
  }

  @Override
  public void facts(CaptureFacts facts) {
    this.facts = facts;
    if (!facts.clockCountsTime()) {
      throw new CommandException(
          "%s: the clock %s counts no time, so that nothing has a date"
              .formatted(facts.file(), facts.clock()));
    }
    if (baseNs.isEmpty() && !WallTime.of(facts).isKnown()) {
      throw new CommandException(
          facts.file()
              + ": nothing tells when it was recorded (clock in docs/rig-manifest.md); give"
              + " --base-time 2026-11-30T12:00:00Z");
    }
  }

  @Override
  public void aggregate(Aggregate aggregate) {
    if (aggregates.size() == OpenMetrics.AGGREGATES_MAX) {
      throw new CommandException(
          facts.file() + ": too many windows to keep; give a longer one with --window");
    }
    if (aggregates.isEmpty()) {
      firstNs = aggregate.windowStartNs();
    }
    aggregates.add(aggregate);
  }

  @Override
  public void end(List<Finding> findings, List<RuleCount> ruleCounts) throws IOException {
    WallTime wall =
        baseNs.isPresent()
            ? new WallTime(OptionalLong.of(baseNs.getAsLong() - Math.max(0, firstNs)))
            : WallTime.of(facts);
    new OpenMetrics(facts.file(), wall).write(aggregates, ruleCounts, out);
  }
}
