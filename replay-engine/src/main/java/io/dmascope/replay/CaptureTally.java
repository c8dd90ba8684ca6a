package io.dmascope.replay;

import java.nio.ByteBuffer;

/**
 * What is counted of a capture beside its model; it depends on the events alone.
 *
 * @param version of the stored state that this page belongs to
 * @param begun true where a recorded event came
 * @param firstTimestampNs of the first event that came, by the trace clock
 * @param lastTimestampNs of the latest event so far
 * @param violations found so far, written or not
 */
record CaptureTally(
    int version, boolean begun, long firstTimestampNs, long lastTimestampNs, long violations) {
  static CaptureTally of(byte[] image) {
    ByteBuffer bytes = ByteBuffer.wrap(image);
    return new CaptureTally(
        bytes.getInt(), bytes.get() != 0, bytes.getLong(), bytes.getLong(), bytes.getLong());
  }

  byte[] toBytes() {
    return ByteBuffer.allocate(Integer.BYTES + 1 + 3 * Long.BYTES)
        .putInt(version)
        .put((byte) (begun ? 1 : 0))
        .putLong(firstTimestampNs)
        .putLong(lastTimestampNs)
        .putLong(violations)
        .array();
  }
}
