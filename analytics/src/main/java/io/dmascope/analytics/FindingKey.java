package io.dmascope.analytics;

import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.Severity;

/** What findings of a capture are counted by. */
record FindingKey(String device, String rule, Severity severity, Confidence confidence) {
  /** The key that counts findings for which there is no series left. */
  FindingKey ofOthers() {
    return new FindingKey(AnalyticsLimits.OTHER, AnalyticsLimits.OTHER, severity, confidence);
  }
}
