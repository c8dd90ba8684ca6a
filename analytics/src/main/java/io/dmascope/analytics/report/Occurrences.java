package io.dmascope.analytics.report;

import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.Violation;

/** A finding in one sentence, for forms that have no other place for what it carries. */
final class Occurrences {
  private Occurrences() {}

  static String message(Finding finding) {
    Violation first = finding.first();
    String doubt =
        first.confidence() == Confidence.CERTAIN ? "" : " (suspect: " + first.because() + ")";
    String times = finding.count() == 1 ? "" : " (" + Numbers.count(finding.count()) + " times)";
    return first.message() + doubt + times;
  }
}
