package io.dmascope.analytics;

import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.analytics.report.CaptureReport;
import io.dmascope.analytics.report.FindingReport;
import io.dmascope.analytics.report.Grouping;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Violation;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the page shows of one capture and no metric does: findings by cause, folded as {@code
 * dmascope check} folds them, and ended mappings for the address map.
 */
final class CapturePage {
  private final FindingReport causes;
  private final MappingColumns mappings;
  private Optional<CaptureReport> folded = Optional.empty();
  private OptionalLong firstNs = OptionalLong.empty();

  CapturePage(PageLimits limits) {
    causes = new FindingReport(Grouping.CAUSE, Ignores.none(), limits.causes());
    mappings = new MappingColumns(limits.mappings());
  }

  void facts(CaptureFacts facts) {
    causes.facts(facts);
    folded = Optional.empty();
  }

  void input(InputCounts input) {
    causes.input(input);
    folded = Optional.empty();
  }

  void coverage(RuleCoverage coverage) {
    causes.coverage(coverage);
    folded = Optional.empty();
  }

  void violation(Violation violation) {
    causes.violation(violation);
    seen(violation.at().timestampNs());
    folded = Optional.empty();
  }

  void lifecycle(MappingLifecycle mapping) {
    mappings.add(mapping);
    seen(mapping.mapped().timestampNs());
  }

  /** Something happened at this moment of event time. */
  void seen(long timestampNs) {
    if (firstNs.isEmpty() || timestampNs < firstNs.getAsLong()) {
      firstNs = OptionalLong.of(timestampNs);
    }
  }

  /** The earliest moment that is shown. */
  OptionalLong firstNs() {
    return firstNs;
  }

  /** What {@code dmascope check} would say of the capture so far. */
  CaptureReport report() {
    if (folded.isEmpty()) {
      folded = Optional.of(causes.report());
    }
    return folded.get();
  }

  MappingColumns mappings() {
    return mappings;
  }
}
