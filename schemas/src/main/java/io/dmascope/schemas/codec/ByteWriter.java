package io.dmascope.schemas.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.io.BinaryData;

/**
 * A growing byte array with Avro's binary encoding of the simple types.
 *
 * <p>Avro's own encoder writes a record front to back; a chunk's dictionary is known only after its
 * events, so the two are written side by side and joined.
 */
final class ByteWriter /* hot path */ {
  private static final int VARINT_BYTES_MAX = 10;

  private byte[] buffer;
  private int size;

  ByteWriter(int capacity) {
    buffer = new byte[capacity];
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  void writeLong(long value) {
    ensure(VARINT_BYTES_MAX);
    size += BinaryData.encodeLong(value, buffer, size);
  }

  void writeInt(int value) {
    ensure(VARINT_BYTES_MAX);
    size += BinaryData.encodeInt(value, buffer, size);
  }

  void writeBoolean(boolean value) {
    ensure(1);
    buffer[size++] = (byte) (value ? 1 : 0);
  }

  void writeString(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    writeInt(bytes.length);
    write(bytes, 0, bytes.length);
  }

  void write(byte[] bytes, int offset, int length) {
    ensure(length);
    System.arraycopy(bytes, offset, buffer, size, length);
    size += length;
  }

  /** Appends an array of {@code count} elements that {@code elements} holds back to back. */
  void writeArray(int count, ByteWriter elements) {
    if (count > 0) {
      writeInt(count);
      write(elements.buffer, 0, elements.size);
    }
    writeInt(0);
  }

  byte[] toByteArray() {
    return Arrays.copyOf(buffer, size);
  }

  private void ensure(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(size, more), buffer.length * 2));
    }
  }
}
