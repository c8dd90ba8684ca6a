package io.dmascope.analytics.report;

import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.Violation;
import java.util.List;

/**
 * Violations with one cause, told once.
 *
 * @param first the first of them, in full
 * @param count how many there were; at least 1
 * @param examples events of some after the first, oldest first, at most {@link #EXAMPLES_MAX}
 * @param last event of the last one; equals the first's when {@code count} is 1
 */
public record Finding(Violation first, long count, List<EventRef> examples, EventRef last) {
  /** Enough to see a pattern, few enough to read. */
  public static final int EXAMPLES_MAX = 3;

  public Finding {
    examples = List.copyOf(examples);
  }
}
