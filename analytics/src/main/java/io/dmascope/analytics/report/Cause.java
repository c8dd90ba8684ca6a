package io.dmascope.analytics.report;

import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.Violation;

/** What makes two violations the same finding. */
record Cause(String ruleId, String device, Confidence confidence, String because, String message) {
  static Cause of(Violation violation) {
    return new Cause(
        violation.ruleId(),
        violation.device(),
        violation.confidence(),
        MessageShape.of(violation.because()),
        MessageShape.of(violation.message()));
  }
}
