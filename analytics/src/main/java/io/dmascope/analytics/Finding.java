package io.dmascope.analytics;

import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Violation;

/**
 * A finding as the live page shows it.
 *
 * @param id 1 for the first since the start, then counting up without gaps
 * @param capture label of the capture it belongs to
 */
record Finding(long id, String capture, Violation violation) {
  /** Evidence shown of one finding; the model gives a handful. */
  static final int RELATED_MAX = 8;

  /** Cuts what came to what is kept, since texts come from traces and have any length. */
  static Finding of(long id, String capture, Violation violation) {
    return new Finding(id, capture, shortened(violation));
  }

  private static Violation shortened(Violation violation) {
    return new Violation(
        AnalyticsLimits.name(violation.ruleId()),
        violation.severity(),
        violation.confidence(),
        AnalyticsLimits.sentence(violation.because()),
        AnalyticsLimits.name(violation.device()),
        violation.dmaAddr(),
        violation.sizeBytes(),
        violation.direction(),
        shortened(violation.at()),
        AnalyticsLimits.sentence(violation.message()),
        violation.related().stream().limit(RELATED_MAX).map(Finding::shortened).toList());
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
