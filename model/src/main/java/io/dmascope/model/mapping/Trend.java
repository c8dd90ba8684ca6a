package io.dmascope.model.mapping;

import java.util.Arrays;

/**
 * Tells a live set that leaks from one that is in use.
 *
 * <p>The statistic is that of Mann and Kendall: how many pairs of samples rise, against how many
 * fall. If the samples had no trend, all their orders were equally likely, and the sum of signs was
 * nearly normal with a known variance; the verdict is wrong in at most one of {@link #ONE_IN}
 * captures then, whatever the number of sites (Bonferroni). Neighbouring samples of a live set are
 * not independent, so that the level holds for what comes and goes within a window, and is a guide
 * otherwise. Therefore a leak has to show three things more: it never stops growing, in no quarter
 * of the time; it does not shrink by more than a little; and what it is made of was mapped in every
 * quarter and is still there, which the mappings of a growing load are not.
 */
final class Trend {
  /** Samples behind the warm-up; fewer can hardly reach the level. */
  static final int SAMPLES_MIN = 12;

  static final double ONE_IN = 1_000;

  /** Growth by fewer mappings is no news, whatever its significance. */
  private static final long GREW_BY_MIN = 16;

  private static final int QUARTERS = 4;

  /** Each quarter contributes at least this part of the growth: 1/10, of an even 1/4. */
  private static final long QUARTER_PART = 10;

  private Trend() {}

  /**
   * @param live counts at the end of each window
   * @param births of the mappings that are live at the end, how many were made in each quarter
   * @param sites how many sites are tested together
   */
  static boolean isLeak(long[] live, long[] births, int sites) {
    long grewBy = live[live.length - 1] - live[0];
    return grewBy >= GREW_BY_MIN
        && everyQuarter(live, grewBy)
        && shrinksLittle(live, grewBy)
        && survivors(births, grewBy)
        && chance(live) * sites * ONE_IN <= 1;
  }

  private static boolean everyQuarter(long[] live, long grewBy) {
    for (int quarter = 0; quarter < QUARTERS; quarter++) {
      int from = quarter * (live.length - 1) / QUARTERS;
      int to = (quarter + 1) * (live.length - 1) / QUARTERS;
      if ((live[to] - live[from]) * QUARTER_PART < grewBy) {
        return false;
      }
    }
    return true;
  }

  private static boolean shrinksLittle(long[] live, long grewBy) {
    long peak = live[0];
    for (long count : live) {
      peak = Math.max(peak, count);
      if ((peak - count) * QUARTERS > grewBy) {
        return false;
      }
    }
    return true;
  }

  private static boolean survivors(long[] births, long grewBy) {
    for (long born : births) {
      if (born * QUARTER_PART < grewBy) {
        return false;
      }
    }
    return true;
  }

  /** An upper bound of the probability of so clear a trend among samples that have none. */
  static double chance(long[] samples) {
    int n = samples.length;
    long sum = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        sum += Long.signum(samples[j] - samples[i]);
      }
    }
    double variance = (n * (n - 1.0) * (2.0 * n + 5) - ties(samples)) / 18;
    if (sum <= 1 || variance <= 0) {
      return 1;
    }
    double z = (sum - 1) / Math.sqrt(variance);
    return StrictMath.exp(-z * z / 2) / 2; // no smaller than the tail of the normal distribution
  }

  private static double ties(long[] samples) {
    long[] sorted = samples.clone();
    Arrays.sort(sorted);
    double sum = 0;
    int from = 0;
    for (int i = 1; i <= sorted.length; i++) {
      if (i == sorted.length || sorted[i] != sorted[from]) {
        double equal = i - from;
        sum += equal * (equal - 1) * (2 * equal + 5);
        from = i;
      }
    }
    return sum;
  }
}
