package io.dmascope.analytics;

import java.util.Arrays;

/** A histogram over fixed upper bounds, in integers; the last bucket has no upper bound. */
final class Distribution {
  private static final long SECOND_NS = 1_000_000_000L;

  /** 1 µs to 100 s in steps of 1, 3, 10: from one network packet to a ring that lives for hours. */
  private static final long[] LIFETIME_BOUNDS_NS = {
    1_000L,
    3_000L,
    10_000L,
    30_000L,
    100_000L,
    300_000L,
    1_000_000L,
    3_000_000L,
    10_000_000L,
    30_000_000L,
    100_000_000L,
    300_000_000L,
    SECOND_NS,
    3 * SECOND_NS,
    10 * SECOND_NS,
    30 * SECOND_NS,
    100 * SECOND_NS
  };

  /** 64 bytes (a cache line) to 16 MiB in steps of 4; 4 KiB and 64 KiB are among them. */
  private static final long[] SIZE_BOUNDS_BYTES = {
    1 << 6, 1 << 8, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24
  };

  private final long[] bounds;
  private final long[] counts;
  private long count;
  private long sum;

  private Distribution(long[] bounds) {
    this.bounds = bounds;
    this.counts = new long[bounds.length + 1];
  }

  static Distribution ofLifetimesNs() {
    return new Distribution(LIFETIME_BOUNDS_NS);
  }

  static Distribution ofSizesBytes() {
    return new Distribution(SIZE_BOUNDS_BYTES);
  }

  /** Counts a value; a negative one, which only a disordered clock makes, counts as 0. */
  void add(long value) {
    long counted = Math.max(value, 0);
    int found = Arrays.binarySearch(bounds, counted);
    counts[found >= 0 ? found : -found - 1]++;
    count++;
    sum += counted;
  }

  long count() {
    return count;
  }

  long sum() {
    return sum;
  }

  /** The upper bounds, without the last, infinite one. */
  long[] bounds() {
    return bounds.clone();
  }

  /** How many values each bucket holds, not cumulative; one longer than {@link #bounds()}. */
  long[] counts() {
    return counts.clone();
  }

  /**
   * Returns the upper bound of the bucket that holds the quantile, -1 when empty, {@link
   * Long#MAX_VALUE} when it lies beyond the last bound. An upper bound, because interpolating
   * inside a bucket would invent digits.
   */
  long quantileAtMost(double quantile) {
    if (count == 0) {
      return -1;
    }
    long rank = Math.max(1, (long) Math.ceil(quantile * count));
    long seen = 0;
    for (int i = 0; i < bounds.length; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return bounds[i];
      }
    }
    return Long.MAX_VALUE;
  }
}
