package io.dmascope.producer.ingest.tracedat;

import io.dmascope.producer.ingest.tracedat.FormatField.Placement;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** Fills the payload of one record, by its format. */
final class RecordWriter {
  private final FormatText format;
  private final ByteBuffer bytes;
  private int end;

  RecordWriter(FormatText format, int pid, ByteOrder order) {
    this.format = format;
    this.bytes = ByteBuffer.allocate(1 << 16).order(order);
    for (FormatField field : format.fields().values()) {
      end = Math.max(end, field.offset() + field.size());
    }
    number("common_type", format.id());
    number("common_pid", pid);
  }

  RecordWriter number(String name, long value) {
    FormatField field = field(name);
    switch (field.size()) {
      case 8 -> bytes.putLong(field.offset(), value);
      case 4 -> bytes.putInt(field.offset(), (int) value);
      case 2 -> bytes.putShort(field.offset(), (short) value);
      default -> bytes.put(field.offset(), (byte) value);
    }
    return this;
  }

  /** A string, or a trailing {@code char buf[]}. */
  RecordWriter text(String name, String value) {
    byte[] text = (value + "\0").getBytes(StandardCharsets.UTF_8);
    if (field(name).placement() == Placement.INLINE) {
      bytes.put(field(name).offset(), text);
      end = field(name).offset() + text.length;
      return this;
    }
    locate(name, text.length);
    bytes.put(end, text);
    end += text.length;
    return this;
  }

  RecordWriter list(String name, long... values) {
    boolean wide = field(name).elementType().equals("u64");
    locate(name, values.length * (wide ? 8 : 4));
    for (long value : values) {
      if (wide) {
        bytes.putLong(end, value);
      } else {
        bytes.putInt(end, (int) value);
      }
      end += wide ? 8 : 4;
    }
    return this;
  }

  private void locate(String name, int size) {
    FormatField field = field(name);
    end = (end + 3) & ~3;
    int from = field.placement() == Placement.REL_LOC ? field.offset() + 4 : 0;
    bytes.putInt(field.offset(), size << 16 | (end - from));
  }

  private FormatField field(String name) {
    return Objects.requireNonNull(format.field(name), name);
  }

  byte[] bytes() {
    return Arrays.copyOf(bytes.array(), end);
  }
}
