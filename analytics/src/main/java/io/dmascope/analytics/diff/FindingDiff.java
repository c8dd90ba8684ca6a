package io.dmascope.analytics.diff;

import io.dmascope.analytics.diff.FindingSet.Known;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What changed from one set of findings to another.
 *
 * @param rows by state, rule, device and message
 */
public record FindingDiff(FindingSet before, FindingSet after, List<Row> rows) {
  private static final Comparator<Row> ORDER =
      Comparator.comparing(Row::state)
          .thenComparing(Row::rule)
          .thenComparing(Row::device)
          .thenComparing(Row::message)
          .thenComparing(Row::fingerprint);

  /** What became of a cause. */
  public enum State {
    /** Only the second side has it. */
    NEW,
    /** Only the first side has it, and the second was held to the rule. */
    GONE,
    /** Only the first side has it, but the second could not be held to the rule: nobody knows. */
    NOT_CHECKED,
    /** Both have it. */
    SAME
  }

  /**
   * One cause.
   *
   * @param countBefore occurrences on the first side; 0 where there are none
   * @param countAfter occurrences on the second side
   * @param certain whether the side that is told about has a certain one
   * @param checkedBefore false where the first side could not be held to the rule, there
   */
  public record Row(
      State state,
      String fingerprint,
      String rule,
      String severity,
      String device,
      String message,
      long countBefore,
      long countAfter,
      boolean certain,
      boolean checkedBefore) {}

  public FindingDiff {
    rows = List.copyOf(rows);
  }

  /** Compares two sides. */
  public static FindingDiff between(FindingSet before, FindingSet after) {
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, Known> entry : after.byFingerprint().entrySet()) {
      Known old = before.byFingerprint().get(entry.getKey());
      rows.add(
          row(
              old == null ? State.NEW : State.SAME,
              entry.getKey(),
              entry.getValue(),
              old == null ? 0 : old.count(),
              entry.getValue().count(),
              old != null || before.checked(entry.getValue().rule(), entry.getValue().device())));
    }
    for (Map.Entry<String, Known> entry : before.byFingerprint().entrySet()) {
      if (!after.byFingerprint().containsKey(entry.getKey())) {
        Known old = entry.getValue();
        boolean checked = after.checked(old.rule(), old.device());
        State state = checked ? State.GONE : State.NOT_CHECKED;
        rows.add(row(state, entry.getKey(), old, old.count(), 0, true));
      }
    }
    rows.sort(ORDER);
    return new FindingDiff(before, after, rows);
  }

  private static Row row(
      State state, String fingerprint, Known known, long before, long after, boolean checked) {
    return new Row(
        state,
        fingerprint,
        known.rule(),
        known.severity(),
        known.device(),
        known.message(),
        before,
        after,
        known.certain(),
        checked);
  }

  /** How many rows have that state. */
  public long count(State state) {
    return rows.stream().filter(row -> row.state() == state).count();
  }
}
