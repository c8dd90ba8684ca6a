package io.dmascope.replay;

import java.nio.ByteBuffer;

/**
 * What remains of a capture that was replayed.
 *
 * @param lastSequence of the last event that was taken in
 * @param givenUp true where the model failed at that event
 */
record CaptureOutcome(long lastSequence, boolean givenUp) {
  static CaptureOutcome of(byte[] image) {
    ByteBuffer bytes = ByteBuffer.wrap(image);
    return new CaptureOutcome(bytes.getLong(), bytes.get() != 0);
  }

  byte[] toBytes() {
    return ByteBuffer.allocate(Long.BYTES + 1)
        .putLong(lastSequence)
        .put((byte) (givenUp ? 1 : 0))
        .array();
  }
}
