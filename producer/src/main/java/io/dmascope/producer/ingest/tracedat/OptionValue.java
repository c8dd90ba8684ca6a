package io.dmascope.producer.ingest.tracedat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/** Reads one option's value apart, so that a damaged value harms nothing but itself. */
final class OptionValue {
  private OptionValue() {}

  /** Takes the value out of the cursor, which then stands behind it. */
  static ByteCursor of(ByteCursor cursor, long size, ByteOrder order) throws DamagedFileException {
    long place = cursor.place();
    byte[] bytes = cursor.bytes(size, HeaderReader.OPTION_BYTES_MAX, "an option");
    return new ByteCursor(MemorySegment.ofArray(bytes), place, order);
  }

  static void read(HeaderReader headers, int id, ByteCursor value) {
    try {
      headers.readOption(id, value);
    } catch (DamagedFileException damaged) {
      headers.issues.add(damaged.issue());
    }
  }
}
