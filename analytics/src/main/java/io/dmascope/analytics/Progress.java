package io.dmascope.analytics;

/**
 * How far a capture has been replayed.
 *
 * @param events events applied; sequences are dense, so this is the last one plus 1
 * @param timestampNs event time of the last one
 */
record Progress(long events, long timestampNs) {
  static Progress at(long sequence, long timestampNs) {
    return new Progress(sequence + 1, timestampNs);
  }

  static Progress later(Progress a, Progress b) {
    return b.events >= a.events ? b : a;
  }
}
