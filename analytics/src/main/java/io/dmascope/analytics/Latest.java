package io.dmascope.analytics;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.ToLongFunction;

/**
 * The last statement of each source behind one label value. Statements are cumulative, so the
 * label's value is the sum of the last ones, and a statement that comes twice changes nothing.
 *
 * <p>A named label has one source; {@code other} has many, up to {@link #SOURCES_MAX}.
 */
final class Latest<T> {
  /** About 150 bytes each; a source beyond it cannot be summed and is counted as left out. */
  static final int SOURCES_MAX = 1000;

  private final Map<String, T> statements = HashMap.newHashMap(1);
  private final BinaryOperator<T> later;

  /**
   * @param later picks the later of two statements of one source
   */
  Latest(BinaryOperator<T> later) {
    this.later = later;
  }

  /** Takes a statement in; false where its source is one too many. */
  boolean put(String source, T statement) {
    if (statements.size() >= SOURCES_MAX && !statements.containsKey(source)) {
      return false;
    }
    statements.merge(source, statement, later);
    return true;
  }

  /** Sum of one component over all sources. */
  long total(ToLongFunction<T> component) {
    return statements.values().stream().mapToLong(component).sum();
  }

  int sources() {
    return statements.size();
  }
}
