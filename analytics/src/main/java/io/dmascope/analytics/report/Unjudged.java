package io.dmascope.analytics.report;

import io.dmascope.model.finding.DoubtKind;
import io.dmascope.model.finding.EventRef;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Suspicions about one device that the recording itself explains, too many to be looked at one by
 * one: neither findings nor a pass.
 *
 * @param doubt what explains them
 * @param device as traced; may be empty
 * @param byRule occurrences of each rule
 * @param first the first event that raised one
 * @param last the last such event
 */
public record Unjudged(
    DoubtKind doubt, String device, SortedMap<String, Long> byRule, EventRef first, EventRef last) {
  public Unjudged {
    byRule = new TreeMap<>(byRule);
  }

  /** The clause that says what explains them all. */
  String because() {
    return doubt == DoubtKind.LOSSES
        ? "events were lost that explain each"
        : "the recording may have begun after what they miss";
  }

  /** Suspicions in all. */
  public long occurrences() {
    return byRule.values().stream().mapToLong(Long::longValue).sum();
  }
}
