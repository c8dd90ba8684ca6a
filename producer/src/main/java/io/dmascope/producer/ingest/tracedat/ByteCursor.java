package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.TraceIssue.Kind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of a file structure one after the other, in the file's byte order. Every read is
 * checked against the end, every length against a limit: a claim of the file is never believed
 * before its bytes are there.
 */
final class ByteCursor {
  private final MemorySegment bytes;
  private final long placeOfFirst;
  private final ValueLayout.OfShort u16;
  private final ValueLayout.OfInt u32;
  private final ValueLayout.OfLong u64;
  private long position;

  /**
   * @param placeOfFirst what {@link #place()} says of the first byte
   */
  ByteCursor(MemorySegment bytes, long placeOfFirst, ByteOrder order) {
    this.bytes = bytes;
    this.placeOfFirst = placeOfFirst;
    this.u16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
    this.u32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
    this.u64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
  }

  long position() {
    return position;
  }

  long place() {
    return placeOfFirst + position;
  }

  long remaining() {
    return bytes.byteSize() - position;
  }

  void seek(long newPosition, String what) throws DamagedFileException {
    if (newPosition < 0 || newPosition > bytes.byteSize()) {
      throw new DamagedFileException(
          Kind.TRUNCATED_INPUT,
          placeOfFirst + bytes.byteSize(),
          "expected %s before the end of the file [offset=%s] [size=%d]"
              .formatted(what, Long.toUnsignedString(newPosition), bytes.byteSize()));
    }
    position = newPosition;
  }

  int u8(String what) throws DamagedFileException {
    return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, claim(1, what)));
  }

  int u16(String what) throws DamagedFileException {
    return Short.toUnsignedInt(bytes.get(u16, claim(2, what)));
  }

  long u32(String what) throws DamagedFileException {
    return Integer.toUnsignedLong(bytes.get(u32, claim(4, what)));
  }

  long u64(String what) throws DamagedFileException {
    return bytes.get(u64, claim(8, what));
  }

  /** Reads a count that the file claims, which must not exceed {@code max}. */
  int count(String what, int max) throws DamagedFileException {
    long count = u32(what);
    if (count > max) {
      throw new DamagedFileException(
          Kind.DAMAGED_RECORD,
          place() - 4,
          "%s is not believable [count=%d] [max=%d]".formatted(what, count, max));
    }
    return (int) count;
  }

  byte[] bytes(long size, long max, String what) throws DamagedFileException {
    if (size < 0 || size > max) {
      throw new DamagedFileException(
          Kind.DAMAGED_RECORD,
          place(),
          "%s is not believable [size=%s] [max=%d]"
              .formatted(what, Long.toUnsignedString(size), max));
    }
    long from = claim(size, what);
    return bytes.asSlice(from, size).toArray(ValueLayout.JAVA_BYTE);
  }

  String text(long size, long max, String what) throws DamagedFileException {
    return new String(bytes(size, max, what), StandardCharsets.ISO_8859_1);
  }

  void skip(long size, String what) throws DamagedFileException {
    claim(size, what);
  }

  /** Reads up to the next NUL, which is consumed. */
  String nulTerminated(int max, String what) throws DamagedFileException {
    StringBuilder text = new StringBuilder();
    for (int c = u8(what); c != 0; c = u8(what)) {
      if (text.length() == max) {
        throw new DamagedFileException(
            Kind.DAMAGED_RECORD, place(), "%s does not end [max=%d]".formatted(what, max));
      }
      text.append((char) c);
    }
    return text.toString();
  }

  /** The bytes from here on, without moving. */
  MemorySegment rest() {
    return bytes.asSlice(position);
  }

  private long claim(long size, String what) throws DamagedFileException {
    if (size < 0 || size > remaining()) {
      throw new DamagedFileException(
          Kind.TRUNCATED_INPUT,
          place(),
          "%s is cut off [needed=%s] [left=%d]"
              .formatted(what, Long.toUnsignedString(size), remaining()));
    }
    long from = position;
    position += size;
    return from;
  }
}
