package io.dmascope.model.mapping;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.U64List;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes a piece of state as bytes: variable-length integers, zig-zag for signed ones. */
public final class StateWriter {
  private byte[] bytes = new byte[256];
  private int length;

  public StateWriter u(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return this;
  }

  public StateWriter s(long value) {
    return u(value << 1 ^ value >> 63);
  }

  public StateWriter flag(boolean value) {
    return u(value ? 1 : 0);
  }

  public StateWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    u(utf8.length);
    ensure(utf8.length);
    System.arraycopy(utf8, 0, bytes, length, utf8.length);
    length += utf8.length;
    return this;
  }

  public StateWriter list(U64List values) {
    u(values.size());
    for (int i = 0; i < values.size(); i++) {
      u(values.at(i));
    }
    return this;
  }

  /** Writes a header, or its absence. */
  public StateWriter header(EventHeader header) {
    if (header == null) {
      return flag(false);
    }
    return flag(true)
        .u(header.sequence())
        .s(header.timestampNs())
        .s(header.cpu())
        .s(header.pid())
        .text(header.comm())
        .u(header.place());
  }

  boolean isEmpty() {
    return length == 0;
  }

  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
