package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.Marker;
import io.dmascope.producer.ingest.layout.EventLayout;
import io.dmascope.producer.ingest.layout.EventValues;
import io.dmascope.producer.ingest.layout.Slot;

/** The decoders of one file, by event id: one for each event of ours that the file describes. */
final class EventDecoders {
  /** {@code common_type} has 16 bits. */
  static final int IDS = 1 << 16;

  private final RecordDecoder[] byId = new RecordDecoder[IDS];
  private final EventValues values = new EventValues();
  private final StringCache strings = new StringCache();
  private final int typeOffset;
  private final int pidOffset;

  EventDecoders(TraceDatFile file) {
    int type = 0;
    int pid = 4;
    for (TraceDatFile.SystemFormat entry : file.formats()) {
      FormatText format = entry.format();
      if (format.field("common_type") != null && format.field("common_pid") != null) {
        type = format.field("common_type").offset();
        pid = format.field("common_pid").offset();
      }
      if (format.id() >= 0 && format.id() < IDS) {
        byId[format.id()] = bound(entry.system(), format, file.longSize());
      }
    }
    this.typeOffset = type;
    this.pidOffset = pid;
  }

  /** Returns null for an event that is none of ours. */
  private RecordDecoder bound(String system, FormatText format, int longSize) {
    EventLayout layout = EventLayout.of(system, format.name());
    try {
      if (layout != null) {
        return new RecordLayout(layout, values, format, longSize, strings);
      }
      return system.equals("ftrace") && format.name().equals("print") ? marker(format) : null;
    } catch (MissingFieldException missing) {
      String message = missing.getMessage(); // each record of the event is then an issue
      return (payload, header) -> {
        throw new BadPayloadException(message);
      };
    }
  }

  /** What user space wrote to trace_marker; the kernel adds a newline. */
  private RecordDecoder marker(FormatText format) throws MissingFieldException {
    FormatField described = format.field("buf");
    if (described == null) {
      throw new MissingFieldException("the format of print has no field buf");
    }
    RecordField text = RecordField.text(Slot.MARKER_TEXT, described, strings);
    return (payload, header) -> {
      String written = text.text(payload);
      return new Marker(
          header, written.endsWith("\n") ? written.substring(0, written.length() - 1) : written);
    };
  }

  /** Returns the id of the payload's event, or -1 where the payload is too short to have one. */
  int idOf(Payload payload) {
    return payload.has(typeOffset, 2) ? payload.u16Unchecked(typeOffset) : -1;
  }

  /** Where {@code common_pid} lies in every payload. */
  int pidOffset() {
    return pidOffset;
  }

  /** Returns the decoder, or null for an event that is none of ours; the id has 16 bits. */
  RecordDecoder decoder(int id) {
    return byId[id];
  }
}
