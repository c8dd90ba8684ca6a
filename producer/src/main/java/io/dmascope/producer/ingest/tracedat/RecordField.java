package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.U64List;
import io.dmascope.producer.ingest.layout.EventValues;
import io.dmascope.producer.ingest.layout.Slot;

/* hot path */
/** One field of an event's record, bound once to where this file's records have it. */
final class RecordField {
  private enum Kind {
    U64,
    U32,
    S32,
    /** A number of one or two bytes. */
    SMALL,
    /** A number of which each bit has a name. */
    FLAGS,
    TEXT,
    /** A string without a size of its own: it ends with the record. */
    TRAILING_TEXT,
    DYNAMIC_TEXT,
    LIST
  }

  private final Slot slot;
  private final FormatField field;
  private final Kind kind;
  private final int offset;

  /** Bytes of a number, a text or an element. */
  private final int size;

  /** What an offset in the record counts from. */
  private final int base;

  private final StringCache strings;
  private final FlagNames flagNames;

  private RecordField(
      Slot slot, FormatField field, Kind kind, int size, StringCache strings, FlagNames flagNames) {
    this.slot = slot;
    this.field = field;
    this.kind = kind;
    this.offset = field.offset();
    this.size = size;
    this.base = field.placement() == FormatField.Placement.REL_LOC ? field.offset() + 4 : 0;
    this.strings = strings;
    this.flagNames = flagNames;
  }

  /** Binds a number, whatever its size and sign. */
  static RecordField number(Slot slot, FormatField field) throws MissingFieldException {
    int size = numberSize(field);
    Kind kind =
        switch (size) {
          case 8 -> Kind.U64;
          case 4 -> field.signed() ? Kind.S32 : Kind.U32;
          default -> Kind.SMALL;
        };
    return new RecordField(slot, field, kind, size, null, null);
  }

  /** Binds a number that is told by the names of its bits. */
  static RecordField flags(Slot slot, FormatField field, FlagNames names)
      throws MissingFieldException {
    return new RecordField(slot, field, Kind.FLAGS, numberSize(field), null, names);
  }

  private static int numberSize(FormatField field) throws MissingFieldException {
    int size = field.size();
    if (size != 1 && size != 2 && size != 4 && size != 8) {
      throw new MissingFieldException("%s is no number in this kernel".formatted(field.name()));
    }
    return size;
  }

  /** Binds a string: {@code __data_loc char[]}, {@code __rel_loc char[]}, {@code char x[16]}. */
  static RecordField text(Slot slot, FormatField field, StringCache strings)
      throws MissingFieldException {
    if (field.placement() != FormatField.Placement.INLINE) {
      return new RecordField(slot, field, Kind.DYNAMIC_TEXT, 0, strings, null);
    }
    if (!field.isArray()) {
      throw new MissingFieldException("%s is no string in this kernel".formatted(field.name()));
    }
    Kind kind = field.size() > 0 ? Kind.TEXT : Kind.TRAILING_TEXT;
    return new RecordField(slot, field, kind, field.size(), strings, null);
  }

  /** Binds a dynamic array of unsigned values. */
  static RecordField list(Slot slot, FormatField field, int longSize) throws MissingFieldException {
    if (field.placement() == FormatField.Placement.INLINE) {
      throw new MissingFieldException(
          "%s is no dynamic array in this kernel".formatted(field.name()));
    }
    return new RecordField(slot, field, Kind.LIST, ElementType.sizeOf(field, longSize), null, null);
  }

  /** Reads the field into its slot. */
  void read(Payload payload, EventValues to) throws BadPayloadException {
    switch (kind) {
      case U64 -> to.set(slot, payload.u64(offset));
      case U32 -> to.set(slot, Integer.toUnsignedLong(payload.i32(offset)));
      case S32 -> to.set(slot, payload.i32(offset));
      case SMALL -> to.set(slot, number(payload));
      case FLAGS -> to.set(slot, flagNames.text(number(payload)));
      case LIST -> to.set(slot, list(payload));
      case TEXT, TRAILING_TEXT, DYNAMIC_TEXT -> to.set(slot, text(payload));
    }
  }

  private long number(Payload payload) throws BadPayloadException {
    return switch (size) {
      case 8 -> payload.u64(offset);
      case 4 -> field.signed() ? payload.i32(offset) : Integer.toUnsignedLong(payload.i32(offset));
      case 2 -> field.signed() ? (short) payload.u16(offset) : payload.u16(offset);
      default -> field.signed() ? (byte) payload.u8(offset) : payload.u8(offset);
    };
  }

  /** Reads the text of a field that is one. */
  String text(Payload payload) throws BadPayloadException {
    return switch (kind) {
      case DYNAMIC_TEXT -> {
        int location = payload.i32(offset);
        yield payload.text(base + (location & 0xffff), location >>> 16, strings);
      }
      case TEXT -> payload.text(offset, size, strings);
      case TRAILING_TEXT -> payload.text(offset, payload.size() - offset, strings);
      case U64, U32, S32, SMALL, FLAGS, LIST ->
          throw new IllegalStateException(field.name() + " is no text");
    };
  }

  private U64List list(Payload payload) throws BadPayloadException {
    int location = payload.i32(offset);
    int at = base + (location & 0xffff);
    int count = (location >>> 16) / size;
    if (count == 0) {
      return U64List.EMPTY;
    }
    if ((long) count * size > payload.size()) {
      throw new BadPayloadException(
          "%s is longer than its record [entries=%d] [payload=%d]"
              .formatted(field.name(), count, payload.size()));
    }
    long[] values = new long[count];
    if (size == 8) {
      payload.u64s(at, values);
    } else {
      payload.u32s(at, values);
    }
    return U64List.wrap(values);
  }
}
