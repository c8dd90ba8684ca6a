package io.dmascope.tables;

import java.util.Comparator;

/**
 * How often a rule was broken in a window of event time.
 *
 * @param device as traced; may be empty
 * @param confidence as {@link Names} writes it
 * @param occurrences at least 1
 */
public record RuleCount(
    long windowStartNs,
    long windowNs,
    String device,
    String ruleId,
    String confidence,
    long occurrences)
    implements Comparable<RuleCount> {
  private static final Comparator<RuleCount> ORDER =
      Comparator.comparingLong(RuleCount::windowStartNs)
          .thenComparing(RuleCount::device)
          .thenComparing(RuleCount::ruleId)
          .thenComparing(RuleCount::confidence);

  @Override
  public int compareTo(RuleCount other) {
    return ORDER.compare(this, other);
  }
}
