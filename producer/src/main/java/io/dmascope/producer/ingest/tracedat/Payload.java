package io.dmascope.producer.ingest.tracedat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/* hot path */
/**
 * A view of one record's payload inside a page, moved from record to record. Every access is
 * checked against the payload's own end, not only against the page's.
 */
final class Payload {
  private static final VarHandle U16_LE =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U16_BE =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle U32_LE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U32_BE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle U64_LE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle U64_BE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final boolean bigEndian;
  private byte[] bytes = new byte[0];
  private int start;
  private int size;

  Payload(ByteOrder order) {
    this.bigEndian = order == ByteOrder.BIG_ENDIAN;
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
    int at = start + offset;
    return (short) (bigEndian ? U16_BE : U16_LE).get(bytes, at) & 0xffff;
  }

  int u8(int offset) throws BadPayloadException {
    return bytes[claim(offset, 1)] & 0xff;
  }

  int u16(int offset) throws BadPayloadException {
    int at = claim(offset, 2);
    return (short) (bigEndian ? U16_BE : U16_LE).get(bytes, at) & 0xffff;
  }

  int i32(int offset) throws BadPayloadException {
    int at = claim(offset, 4);
    return bigEndian ? (int) U32_BE.get(bytes, at) : (int) U32_LE.get(bytes, at);
  }

  long u64(int offset) throws BadPayloadException {
    int at = claim(offset, 8);
    return bigEndian ? (long) U64_BE.get(bytes, at) : (long) U64_LE.get(bytes, at);
  }

  /** Reads consecutive u64 values. */
  void u64s(int offset, long[] to) throws BadPayloadException {
    int at = claim(offset, 8 * to.length);
    for (int i = 0; i < to.length; i++, at += 8) {
      to[i] = bigEndian ? (long) U64_BE.get(bytes, at) : (long) U64_LE.get(bytes, at);
    }
  }

  /** Reads consecutive u32 values. */
  void u32s(int offset, long[] to) throws BadPayloadException {
    int at = claim(offset, 4 * to.length);
    for (int i = 0; i < to.length; i++, at += 4) {
      int value = bigEndian ? (int) U32_BE.get(bytes, at) : (int) U32_LE.get(bytes, at);
      to[i] = Integer.toUnsignedLong(value);
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
