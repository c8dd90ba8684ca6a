package io.dmascope.replay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;

/**
 * Names a page of a model in the changelog: the capture id in UTF-8, then table and page as 32-bit
 * big-endian numbers.
 */
record PageKey(String captureId, int table, int page) {
  private static final int SUFFIX_BYTES = 2 * Integer.BYTES;

  /** The row that remains of a capture that ended; models number their tables from 0. */
  static final int ENDED_TABLE = -1;

  /** What is counted beside the model, and the version of the form that the pages have. */
  static final int TALLY_TABLE = -2;

  static PageKey of(Bytes key) {
    ByteBuffer bytes = ByteBuffer.wrap(key.get());
    int idBytes = bytes.capacity() - SUFFIX_BYTES;
    return new PageKey(
        new String(key.get(), 0, idBytes, StandardCharsets.UTF_8),
        bytes.getInt(idBytes),
        bytes.getInt(idBytes + Integer.BYTES));
  }

  Bytes toBytes() {
    byte[] id = captureId.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(id.length + SUFFIX_BYTES).put(id).putInt(table).putInt(page).array());
  }
}
