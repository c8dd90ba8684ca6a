package io.dmascope.producer.ingest.dmesg;

import java.util.Arrays;

/**
 * How the kernel log's clock relates to the trace's: they differ by a constant.
 *
 * @param known false where no evidence was found; then the other members are 0
 * @param offsetNs trace stamp minus log stamp
 * @param errorNs how far a stamp of the log that was moved by {@code offsetNs} may be wrong
 * @param pairs moments that were found in both, or 0 where the user told the offset
 */
public record ClockJoin(boolean known, long offsetNs, long errorNs, int pairs) {
  /**
   * Two writes of one task, one to each, lie as far apart as a preemption: up to 9 ms were seen in
   * the recordings, and the log has its line only some time after the fault.
   */
  static final long ERROR_NS_MIN = 10_000_000;

  /** Evidence that contradicts itself by more than this is no constant. */
  static final long SPREAD_NS_MAX = 500_000_000;

  static final ClockJoin UNKNOWN = new ClockJoin(false, 0, 0, 0);

  /** The user measured it. */
  static ClockJoin told(long offsetNs) {
    return new ClockJoin(true, offsetNs, ERROR_NS_MIN, 0);
  }

  /**
   * The median of the differences; its error is the largest deviation after the worst tenth is set
   * aside, since one writer that was preempted in between says nothing about the others.
   */
  static ClockJoin of(long[] differencesNs) {
    if (differencesNs.length == 0) {
      return UNKNOWN;
    }
    long[] sorted = differencesNs.clone();
    Arrays.sort(sorted);
    long median = sorted[sorted.length / 2];
    long[] deviations = Arrays.stream(sorted).map(ns -> Math.abs(ns - median)).sorted().toArray();
    long spread = deviations[deviations.length - 1 - deviations.length / 10];
    if (spread > SPREAD_NS_MAX) {
      return UNKNOWN;
    }
    return new ClockJoin(true, median, Math.max(spread, ERROR_NS_MIN), sorted.length);
  }
}
