package io.dmascope.cli;

import io.dmascope.analytics.report.Finding;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.tables.Aggregate;
import io.dmascope.tables.RuleCount;
import java.io.IOException;
import java.util.List;

/** Takes what a capture comes to, in its order. */
interface CaptureConclusions {
  /** First of all. */
  void facts(CaptureFacts facts) throws IOException;

  default void event(TraceEvent event) throws IOException {}

  default void lifecycle(MappingLifecycle life) throws IOException {}

  default void summary(DeviceSummary summary) throws IOException {}

  default void aggregate(Aggregate aggregate) throws IOException {}

  /** Last of all: what is known only when the capture ended. */
  default void end(List<Finding> findings, List<RuleCount> ruleCounts) throws IOException {}
}
