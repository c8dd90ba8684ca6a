package io.dmascope.model.mapping;

import java.util.Arrays;
import java.util.function.Predicate;

/** A reusable buffer that lookups fill. The order of what it holds means nothing. */
final class RangeList {
  private Range[] ranges = new Range[16];
  private int size;

  RangeList clear() {
    Arrays.fill(ranges, 0, size, null);
    size = 0;
    return this;
  }

  void add(Range range) {
    if (size == ranges.length) {
      ranges = Arrays.copyOf(ranges, size * 2);
    }
    ranges[size++] = range;
  }

  int size() {
    return size;
  }

  Range at(int index) {
    return ranges[index];
  }

  /** Drops the ranges from {@code start} on that fail the test. */
  void keepFrom(int start, Predicate<Range> test) {
    int kept = start;
    for (int i = start; i < size; i++) {
      if (test.test(ranges[i])) {
        ranges[kept++] = ranges[i];
      }
    }
    Arrays.fill(ranges, kept, size, null);
    size = kept;
  }
}
