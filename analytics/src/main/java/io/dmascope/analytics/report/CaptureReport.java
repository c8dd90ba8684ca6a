package io.dmascope.analytics.report;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.LiveSite;
import io.dmascope.model.finding.RuleCoverage;
import java.util.List;
import java.util.Optional;

/**
 * Everything that is to be said about one capture.
 *
 * @param findings in the order of their first event
 * @param unjudged suspicions that lost events explain, by device, where they are many
 * @param live what was live at the end, by site; empty where nobody asked
 * @param ignored what an ignore file took, in the order of the first event
 */
public record CaptureReport(
    CaptureFacts facts,
    InputCounts input,
    List<Finding> findings,
    List<Unjudged> unjudged,
    List<IgnoredFinding> ignored,
    RuleCoverage coverage,
    Optional<List<LiveSite>> live) {
  public CaptureReport {
    findings = List.copyOf(findings);
    unjudged = List.copyOf(unjudged);
    ignored = List.copyOf(ignored);
    live = live.map(List::copyOf);
  }

  /** True where anything was found, certain or suspect, that no ignore file took. */
  public boolean hasFindings() {
    return !findings.isEmpty();
  }

  /** The same with other findings. */
  public CaptureReport withFindings(List<Finding> others) {
    return new CaptureReport(facts, input, others, unjudged, ignored, coverage, live);
  }
}
