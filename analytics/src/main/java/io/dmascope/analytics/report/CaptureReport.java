package io.dmascope.analytics.report;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.RuleCoverage;
import java.util.List;

/**
 * Everything that is to be said about one capture.
 *
 * @param findings in the order of their first event
 */
public record CaptureReport(
    CaptureFacts facts, InputCounts input, List<Finding> findings, RuleCoverage coverage) {
  public CaptureReport {
    findings = List.copyOf(findings);
  }

  /** True where anything was found, certain or suspect. */
  public boolean hasFindings() {
    return !findings.isEmpty();
  }
}
