package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.producer.ingest.layout.EventLayout;
import io.dmascope.producer.ingest.layout.EventValues;
import io.dmascope.producer.ingest.layout.Slot;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/* hot path */
/**
 * Decodes the records of one event: the fields that {@link EventLayout} names, where the format
 * description in the file puts them, so that every kernel's layout is read as it is.
 */
final class RecordLayout implements RecordDecoder {
  /** What some kernels' records lack, or declare and never fill. */
  private static final Set<Slot> DISPENSABLE = EnumSet.of(Slot.DIRECTION, Slot.GFP_FLAGS);

  private final EventLayout layout;
  private final EventValues values;
  private final RecordField[] fields;

  /** The slots of the fields. */
  private final long slots;

  /**
   * @param values where one record's values are held at a time; may be shared
   * @throws MissingFieldException where the event cannot be made of such records
   */
  RecordLayout(
      EventLayout layout, EventValues values, FormatText format, int longSize, StringCache strings)
      throws MissingFieldException {
    List<RecordField> bound = new ArrayList<>();
    long boundSlots = 0;
    for (EventLayout.Field field : chosen(layout, format)) {
      bound.add(bind(field.slot(), format.field(field.name()), format, longSize, strings));
      boundSlots |= field.slot().bit();
    }
    this.layout = layout;
    this.values = values;
    this.fields = bound.toArray(RecordField[]::new);
    this.slots = boundSlots;
  }

  private static RecordField bind(
      Slot slot, FormatField field, FormatText format, int longSize, StringCache strings)
      throws MissingFieldException {
    if (slot == Slot.GFP_FLAGS) {
      return RecordField.flags(slot, field, FlagNames.parse(format.printFmt(), field.name()));
    }
    return switch (slot.form()) {
      case TEXT -> RecordField.text(slot, field, strings);
      case LIST_OF_64, LIST_OF_32 -> RecordField.list(slot, field, longSize);
      case HEX, DECIMAL, INT, FLAG, POINTER, DIRECTION, ATTRS, COUNTS, RANGE ->
          RecordField.number(slot, field);
      case WORD -> throw new IllegalStateException(slot + " is printed only");
    };
  }

  /** The fields that are read: of two ways to tell one value the first that the kernel has. */
  private static List<EventLayout.Field> chosen(EventLayout layout, FormatText format)
      throws MissingFieldException {
    List<EventLayout.Field> chosen = new ArrayList<>();
    String missingChoice = "";
    boolean choiceMade = false;
    for (EventLayout.Field field : layout.fields()) {
      boolean there = isFilled(field, format);
      if (there && !(field.choice() && choiceMade)) {
        chosen.add(field);
      } else if (!there && field.needed() && !DISPENSABLE.contains(field.slot())) {
        throw missing(format, field.name());
      }
      if (field.choice()) {
        choiceMade |= there;
        missingChoice = missingChoice.isEmpty() ? field.name() : missingChoice;
      }
    }
    if (!missingChoice.isEmpty() && !choiceMade) {
      throw missing(format, missingChoice);
    }
    return chosen;
  }

  /** The first dma_alloc declared a direction, never set it, and does not print it. */
  private static boolean isFilled(EventLayout.Field field, FormatText format) {
    return format.field(field.name()) != null
        && (field.slot() != Slot.DIRECTION || format.prints(field.name()));
  }

  private static MissingFieldException missing(FormatText format, String field) {
    return new MissingFieldException(
        "the format of %s has no field %s".formatted(format.name(), field));
  }

  @Override
  public TraceEvent decode(Payload payload, EventHeader header) throws BadPayloadException {
    EventValues v = values;
    v.begin(layout, slots);
    for (RecordField field : fields) {
      field.read(payload, v);
    }
    if (!v.listsAgree()) {
      throw new BadPayloadException(layout.name() + ": " + v.problem());
    }
    return v.event(header);
  }
}
