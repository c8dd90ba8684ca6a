package io.dmascope.analytics;

import io.dmascope.model.finding.DoubtKind;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Verdict;
import io.dmascope.model.finding.Violation;

/** Cuts what came to what is kept, since texts come from traces and have any length. */
final class Shortened {
  /** Evidence kept of one finding; the model gives a handful. */
  static final int RELATED_MAX = 8;

  private Shortened() {}

  static Violation violation(Violation violation) {
    return new Violation(
        AnalyticsLimits.name(violation.ruleId()),
        violation.severity(),
        shortened(violation.verdict()),
        AnalyticsLimits.name(violation.device()),
        violation.dmaAddr(),
        violation.sizeBytes(),
        violation.direction(),
        shortened(violation.at()),
        AnalyticsLimits.sentence(violation.message()),
        violation.related().stream().limit(RELATED_MAX).map(Shortened::shortened).toList());
  }

  private static Verdict shortened(Verdict verdict) {
    return Verdict.told(
        verdict.premises(),
        verdict.doubtKind().orElse(DoubtKind.UNTOLD),
        AnalyticsLimits.sentence(verdict.because()));
  }

  private static RelatedEvent shortened(RelatedEvent related) {
    return new RelatedEvent(AnalyticsLimits.sentence(related.what()), shortened(related.at()));
  }

  private static EventRef shortened(EventRef at) {
    return new EventRef(
        at.sequence(),
        at.timestampNs(),
        at.cpu(),
        at.pid(),
        AnalyticsLimits.name(at.comm()),
        at.place());
  }
}
