package io.dmascope.producer.write.tracedat;

import io.dmascope.producer.ingest.tracedat.FormatField;
import io.dmascope.producer.ingest.tracedat.FormatField.Placement;
import io.dmascope.producer.ingest.tracedat.FormatText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/** Fills the payload of one record, by its format. */
public final class RecordWriter {
  private final FormatText format;
  private static final int BYTES_AT_FIRST = 512;

  private ByteBuffer bytes;
  private int end;

  /** An empty record of a task. */
  public RecordWriter(FormatText format, int pid, ByteOrder order) {
    this.format = format;
    this.bytes = ByteBuffer.allocate(BYTES_AT_FIRST).order(order);
    for (FormatField field : format.fields().values()) {
      end = Math.max(end, field.offset() + field.size());
    }
    number("common_type", format.id());
    number("common_pid", pid);
  }

  /** A number of as many bytes as the field has. */
  public RecordWriter number(String name, long value) {
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
  public RecordWriter text(String name, String value) {
    byte[] text = (value + "\0").getBytes(StandardCharsets.UTF_8);
    if (field(name).placement() == Placement.INLINE) {
      makeRoom(field(name).offset() + text.length);
      bytes.put(field(name).offset(), text);
      end = field(name).offset() + text.length;
      return this;
    }
    locate(name, text.length);
    bytes.put(end, text);
    end += text.length;
    return this;
  }

  /** A list of numbers, behind the fixed part. */
  public RecordWriter list(String name, long... values) {
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
    makeRoom(end + size);
    int from = field.placement() == Placement.REL_LOC ? field.offset() + 4 : 0;
    bytes.putInt(field.offset(), size << 16 | (end - from));
  }

  private void makeRoom(int size) {
    if (size > bytes.capacity()) {
      byte[] larger = Arrays.copyOf(bytes.array(), Math.max(size, 2 * bytes.capacity()));
      bytes = ByteBuffer.wrap(larger).order(bytes.order());
    }
  }

  private FormatField field(String name) {
    return Objects.requireNonNull(format.field(name), name);
  }

  /** The payload. */
  public byte[] bytes() {
    return Arrays.copyOf(bytes.array(), end);
  }
}
