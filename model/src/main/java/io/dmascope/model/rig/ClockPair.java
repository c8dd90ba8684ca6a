package io.dmascope.model.rig;

import java.util.Objects;

/**
 * One moment by two clocks: it gives the stamps of a trace a date.
 *
 * @param traceClock {@code trace_clock} whose stamp {@code traceNs} is, e.g. {@code boot}
 * @param traceNs the stamp, in nanoseconds
 * @param wallNs nanoseconds since 1970-01-01T00:00:00Z, good until the year 2262
 */
public record ClockPair(String traceClock, long traceNs, long wallNs) {

  public ClockPair {
    Objects.requireNonNull(traceClock, "traceClock");
  }

  /** Returns the wall time of a stamp of that clock, in nanoseconds since 1970. */
  public long wallNsAt(long timestampNs) {
    return wallNs + (timestampNs - traceNs);
  }
}
