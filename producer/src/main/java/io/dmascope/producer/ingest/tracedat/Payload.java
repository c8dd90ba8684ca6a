package io.dmascope.producer.ingest.tracedat;

import java.nio.ByteOrder;

/* hot path */
/**
 * A view of one record's payload inside a page, moved from record to record. Every access is
 * checked against the payload's own end, not only against the page's.
 */
final class Payload {
  private final BytesInOrder values;
  private byte[] bytes = new byte[0];
  private int start;
  private int size;

  Payload(ByteOrder order) {
    this.values = new BytesInOrder(order);
  }

  /** Moves to another payload, which must lie inside {@code newBytes}. */
  void moveTo(byte[] newBytes, int newStart, int newSize) {
    bytes = newBytes;
    start = newStart;
    size = newSize;
  }

  int size() {
    return size;
  }

  boolean has(int offset, int length) {
    return offset <= size - length;
  }

  /** Reads what {@link #has} said is there. */
  int u16Unchecked(int offset) {
    return values.u16(bytes, start + offset);
  }

  int u8(int offset) throws BadPayloadException {
    return bytes[claim(offset, 1)] & 0xff;
  }

  int u16(int offset) throws BadPayloadException {
    return values.u16(bytes, claim(offset, 2));
  }

  int i32(int offset) throws BadPayloadException {
    return values.u32(bytes, claim(offset, 4));
  }

  long u64(int offset) throws BadPayloadException {
    return values.u64(bytes, claim(offset, 8));
  }

  /** Reads consecutive u64 values. */
  void u64s(int offset, long[] to) throws BadPayloadException {
    int at = claim(offset, 8 * to.length);
    for (int i = 0; i < to.length; i++, at += 8) {
      to[i] = values.u64(bytes, at);
    }
  }

  /** Reads consecutive u32 values. */
  void u32s(int offset, long[] to) throws BadPayloadException {
    int at = claim(offset, 4 * to.length);
    for (int i = 0; i < to.length; i++, at += 4) {
      to[i] = Integer.toUnsignedLong(values.u32(bytes, at));
    }
  }

  /** Reads a string that ends at the first NUL, at the latest after {@code length} bytes. */
  String text(int offset, int length, StringCache cache) throws BadPayloadException {
    return cache.text(bytes, claim(offset, length), length);
  }

  private int claim(int offset, int length) throws BadPayloadException {
    if ((offset | length) < 0 || offset > size - length) {
      throw new BadPayloadException(
          "a field lies past the end of its record [offset=%d] [length=%d] [payload=%d]"
              .formatted(offset, length, size));
    }
    return start + offset;
  }
}
