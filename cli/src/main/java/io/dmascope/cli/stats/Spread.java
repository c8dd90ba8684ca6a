package io.dmascope.cli.stats;

import java.util.Arrays;

/** Values of one kind, of which the quartiles are asked; keeps a bounded, even sample of them. */
final class Spread {
  private static final int KEPT_MAX = 1 << 16;

  private long[] values = new long[64];
  private int kept;
  private long seen;
  private long step = 1;

  void add(long value) {
    if (seen++ % step != 0) {
      return;
    }
    if (kept == KEPT_MAX) {
      halve();
    }
    if (kept == values.length) {
      values = Arrays.copyOf(values, 2 * kept);
    }
    values[kept++] = value;
  }

  /** Every other value goes, and from now on half as many come. */
  private void halve() {
    for (int i = 0; i < kept / 2; i++) {
      values[i] = values[2 * i];
    }
    kept /= 2;
    step *= 2;
  }

  boolean isEmpty() {
    return kept == 0;
  }

  /** The value below which so many percent lie; 0 where there is none. */
  long percentile(int percent) {
    if (kept == 0) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(values, kept);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(kept - 1L, (long) kept * percent / 100)];
  }
}
