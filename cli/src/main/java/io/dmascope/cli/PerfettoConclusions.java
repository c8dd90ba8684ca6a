package io.dmascope.cli;

import io.dmascope.analytics.report.Finding;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.tables.RuleCount;
import io.dmascope.tables.perfetto.PerfettoTrace;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Draws a capture for Perfetto. */
final class PerfettoConclusions implements CaptureConclusions {
  private final PerfettoTrace trace;

  PerfettoConclusions(OutputStream out) {
    trace = new PerfettoTrace(out);
  }

  @Override
  public void facts(CaptureFacts facts) throws IOException {
    trace.facts(facts);
  }

  @Override
  public void event(TraceEvent event) throws IOException {
    trace.event(event);
  }

  @Override
  public void lifecycle(MappingLifecycle life) throws IOException {
    trace.lifecycle(life);
  }

  @Override
  public void summary(DeviceSummary summary) throws IOException {
    trace.summary(summary);
  }

  @Override
  public void end(List<Finding> findings, List<RuleCount> ruleCounts) throws IOException {
    for (Finding finding : findings) {
      trace.finding(finding.first(), finding.count());
    }
    trace.finish();
  }

  /** Mappings that were left out. */
  long thinnedOut() {
    return trace.thinnedOut();
  }
}
