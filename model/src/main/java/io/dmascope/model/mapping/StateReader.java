package io.dmascope.model.mapping;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.U64List;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link StateWriter} wrote. The bytes are our own: a mismatch is a bug and ends in an
 * exception.
 */
public final class StateReader {
  private final byte[] bytes;
  private int position;

  public StateReader(byte[] bytes) {
    this.bytes = bytes;
  }

  public long u() {
    long value = 0;
    int shift = 0;
    while (true) {
      byte b = bytes[position++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
      shift += 7;
    }
  }

  public long s() {
    long value = u();
    return value >>> 1 ^ -(value & 1);
  }

  public int i() {
    return Math.toIntExact(u());
  }

  public boolean flag() {
    return u() != 0;
  }

  public String text() {
    int size = i();
    String value = new String(bytes, position, size, StandardCharsets.UTF_8);
    position += size;
    return value;
  }

  public U64List list() {
    long[] values = new long[i()];
    for (int k = 0; k < values.length; k++) {
      values[k] = u();
    }
    return U64List.wrap(values);
  }

  /** Reads a header; null where none was written. */
  public EventHeader header() {
    if (!flag()) {
      return null;
    }
    return new EventHeader(u(), s(), (int) s(), (int) s(), text(), u());
  }

  public boolean exhausted() {
    return position >= bytes.length;
  }
}
