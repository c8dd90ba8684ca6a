package io.dmascope.tables.perfetto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One message in the making, in protobuf's wire format: fields of variable length integers, of
 * eight bytes, and of bytes. Reusable after {@link #clear}.
 */
final class Message {
  private static final int VARINT = 0;
  private static final int EIGHT_BYTES = 1;
  private static final int LENGTH_DELIMITED = 2;

  private byte[] bytes = new byte[256];
  private int size;

  Message clear() {
    size = 0;
    return this;
  }

  int size() {
    return size;
  }

  byte[] bytes() {
    return bytes;
  }

  Message number(int field, long value) {
    varint((long) field << 3 | VARINT);
    varint(value);
    return this;
  }

  Message fixed(int field, long value) {
    varint((long) field << 3 | EIGHT_BYTES);
    room(Long.BYTES);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      bytes[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  Message text(int field, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    return put(field, text, text.length);
  }

  Message message(int field, Message inner) {
    return put(field, inner.bytes, inner.size);
  }

  private Message put(int field, byte[] content, int length) {
    varint((long) field << 3 | LENGTH_DELIMITED);
    varint(length);
    room(length);
    System.arraycopy(content, 0, bytes, size, length);
    size += length;
    return this;
  }

  private void varint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
