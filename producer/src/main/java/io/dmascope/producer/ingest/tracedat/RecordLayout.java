package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.U64List;
import java.util.Set;

/**
 * Binds the fields of one event's format, once, to readers of its payload. A field that an event
 * cannot do without and that its format lacks is a {@link MissingFieldException}.
 */
final class RecordLayout {
  private static final Set<String> TYPES_OF_8 =
      Set.of("u64", "__u64", "s64", "uint64_t", "unsigned long long", "long long", "phys_addr_t");
  private static final Set<String> TYPES_OF_4 =
      Set.of("u32", "__u32", "s32", "uint32_t", "unsigned int", "int", "unsigned");
  private static final Set<String> TYPES_OF_LONG =
      Set.of("unsigned long", "long", "size_t", "ssize_t", "uintptr_t");

  private final FormatText format;
  private final int longSize;
  private final StringCache strings;

  RecordLayout(FormatText format, int longSize, StringCache strings) {
    this.format = format;
    this.longSize = longSize;
    this.strings = strings;
  }

  /** The format of that kernel lacks a field, or has it in a shape that cannot be read. */
  static final class MissingFieldException extends Exception {
    private static final long serialVersionUID = 1L;

    MissingFieldException(String message) {
      super(message, null, false, false);
    }
  }

  @FunctionalInterface
  interface NumberField {
    long read(Payload payload) throws BadPayloadException;
  }

  @FunctionalInterface
  interface TextField {
    String read(Payload payload) throws BadPayloadException;
  }

  @FunctionalInterface
  interface U64ListField {
    U64List read(Payload payload) throws BadPayloadException;
  }

  FormatText format() {
    return format;
  }

  boolean has(String field) {
    return format.field(field) != null;
  }

  /** The number field, whatever its size and sign. */
  NumberField number(String name) throws MissingFieldException {
    FormatField field = required(name);
    int offset = field.offset();
    boolean signed = field.signed();
    return switch (field.size()) {
      case 8 -> payload -> payload.u64(offset);
      case 4 ->
          signed
              ? payload -> payload.i32(offset)
              : payload -> Integer.toUnsignedLong(payload.i32(offset));
      case 2 -> signed ? payload -> (short) payload.u16(offset) : payload -> payload.u16(offset);
      case 1 -> signed ? payload -> (byte) payload.u8(offset) : payload -> payload.u8(offset);
      default -> throw new MissingFieldException("%s is no number in this kernel".formatted(name));
    };
  }

  /** The number field, or a constant where this kernel's record has none. */
  NumberField numberOr(String name, long absent) throws MissingFieldException {
    return has(name) ? number(name) : payload -> absent;
  }

  /** The string: {@code __data_loc char[]}, {@code __rel_loc char[]}, {@code char x[16]}. */
  TextField text(String name) throws MissingFieldException {
    FormatField field = required(name);
    int offset = field.offset();
    int size = field.size();
    return switch (field.placement()) {
      case DATA_LOC -> payload -> dynamicText(payload, payload.i32(offset), 0);
      case REL_LOC -> payload -> dynamicText(payload, payload.i32(offset), offset + 4);
      case INLINE -> {
        if (!field.isArray()) {
          throw new MissingFieldException("%s is no string in this kernel".formatted(name));
        }
        // "char buf[]" has no size of its own: it ends with the record.
        yield size > 0
            ? payload -> payload.text(offset, size, strings)
            : payload -> payload.text(offset, payload.size() - offset, strings);
      }
    };
  }

  private String dynamicText(Payload payload, int location, int base) throws BadPayloadException {
    return payload.text(base + (location & 0xffff), location >>> 16, strings);
  }

  /** The dynamic array of unsigned values. */
  U64ListField numbers(String name) throws MissingFieldException {
    FormatField field = required(name);
    if (field.placement() == FormatField.Placement.INLINE) {
      throw new MissingFieldException("%s is no dynamic array in this kernel".formatted(name));
    }
    int elementSize = elementSize(field);
    int offset = field.offset();
    int base = field.placement() == FormatField.Placement.REL_LOC ? offset + 4 : 0;
    return payload -> {
      int location = payload.i32(offset);
      int at = base + (location & 0xffff);
      int count = (location >>> 16) / elementSize;
      if (count == 0) {
        return U64List.EMPTY;
      }
      if ((long) count * elementSize > payload.size()) {
        throw new BadPayloadException(
            "%s is longer than its record [entries=%d] [payload=%d]"
                .formatted(name, count, payload.size()));
      }
      long[] values = new long[count];
      if (elementSize == 8) {
        payload.u64s(at, values);
      } else {
        payload.u32s(at, values);
      }
      return U64List.wrap(values);
    };
  }

  private int elementSize(FormatField field) throws MissingFieldException {
    String type = field.elementType();
    if (TYPES_OF_8.contains(type)) {
      return 8;
    }
    if (TYPES_OF_4.contains(type)) {
      return 4;
    }
    if (TYPES_OF_LONG.contains(type)) {
      return longSize;
    }
    throw new MissingFieldException(
        "%s has elements of a size that its format does not tell [type=%s]"
            .formatted(field.name(), type));
  }

  /** The printed form of a flag word, by the names in the event's own print format. */
  TextField flags(String name) throws MissingFieldException {
    if (!has(name)) {
      return payload -> "";
    }
    NumberField value = number(name);
    FlagNames names = FlagNames.parse(format.printFmt(), name);
    return payload -> names.text(value.read(payload));
  }

  private FormatField required(String name) throws MissingFieldException {
    FormatField field = format.field(name);
    if (field == null) {
      throw new MissingFieldException(
          "the format of %s has no field %s".formatted(format.name(), name));
    }
    return field;
  }
}
