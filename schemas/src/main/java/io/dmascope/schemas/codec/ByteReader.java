package io.dmascope.schemas.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads Avro's binary encoding of the simple types from a byte array it does not trust.
 *
 * <p>Nothing is allocated that the remaining bytes could not fill, so a hostile length costs an
 * exception and no memory.
 */
final class ByteReader /* hot path */ {
  private final byte[] buffer;
  private int position;

  ByteReader(byte[] buffer, int position) {
    this.buffer = buffer;
    this.position = position;
  }

  int remaining() {
    return buffer.length - position;
  }

  long readLong() throws UndecodableRecordException {
    byte[] bytes = buffer;
    int at = position;
    if (at >= bytes.length) {
      throw truncated();
    }
    int first = bytes[at++];
    long zigzag = first & 0x7f;
    if (first < 0) {
      int shift = 7;
      while (true) {
        if (at >= bytes.length) {
          throw truncated();
        }
        byte next = bytes[at++];
        zigzag |= (next & 0x7fL) << shift;
        if (next >= 0) {
          break;
        }
        shift += 7;
        if (shift > 63) {
          throw new UndecodableRecordException(
              "a number has more than ten bytes [offset=%d]".formatted(position));
        }
      }
    }
    position = at;
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  int readInt() throws UndecodableRecordException {
    long value = readLong();
    if (value != (int) value) {
      throw new UndecodableRecordException(
          "a number exceeds 32 bits [value=%d] [offset=%d]".formatted(value, position));
    }
    return (int) value;
  }

  boolean readBoolean() throws UndecodableRecordException {
    if (position >= buffer.length) {
      throw truncated();
    }
    return buffer[position++] == 1;
  }

  /** Reads an index into something of {@code size} elements, e.g. an enum. */
  int readIndex(int size) throws UndecodableRecordException {
    long index = readLong();
    if (index < 0 || index >= size) {
      throw new UndecodableRecordException(
          "an index is outside its table [index=%d] [size=%d] [offset=%d]"
              .formatted(index, size, position));
    }
    return (int) index;
  }

  String readString() throws UndecodableRecordException {
    int length = readCount();
    String text = new String(buffer, position, length, StandardCharsets.UTF_8);
    position += length;
    return text;
  }

  /** Reads how many elements of at least one byte each follow. */
  int readCount() throws UndecodableRecordException {
    long count = readLong();
    if (count < 0 || count > remaining()) {
      throw new UndecodableRecordException(
          "a length exceeds the record [length=%d] [remaining=%d]".formatted(count, remaining()));
    }
    return (int) count;
  }

  /**
   * Starts the first or the next block of an array and returns how many elements it has; 0 ends the
   * array. Blocks with a byte size (negative count) are Avro's as well.
   */
  int readBlock() throws UndecodableRecordException {
    long count = readLong();
    if (count < 0) {
      count = -count;
      readLong();
    }
    if (count < 0 || count > remaining()) {
      throw new UndecodableRecordException(
          "an array exceeds the record [count=%d] [remaining=%d]".formatted(count, remaining()));
    }
    return (int) count;
  }

  /** Reads an array of numbers as they stand. */
  long[] readLongs() throws UndecodableRecordException {
    return readLongs(0, false);
  }

  /** Reads an array of differences and returns the values, the first counted from {@code base}. */
  long[] readDeltas(long base) throws UndecodableRecordException {
    return readLongs(base, true);
  }

  private long[] readLongs(long base, boolean deltas) throws UndecodableRecordException {
    long[] values = new long[readBlock()];
    int filled = 0;
    for (int block = values.length; block > 0; block = readBlock()) {
      if (filled + block > values.length) {
        values = Arrays.copyOf(values, filled + block);
      }
      for (int end = filled + block; filled < end; filled++) {
        long value = readLong();
        if (deltas) {
          base += value;
          value = base;
        }
        values[filled] = value;
      }
    }
    return values;
  }

  /** Checks that nothing is left. */
  void end() throws UndecodableRecordException {
    if (remaining() != 0) {
      throw new UndecodableRecordException(
          "bytes follow the end of the record [bytes=%d]".formatted(remaining()));
    }
  }

  private UndecodableRecordException truncated() {
    return new UndecodableRecordException(
        "the record ends in the middle of a field [bytes=%d]".formatted(buffer.length));
  }
}
