package io.dmascope.producer.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.model.rig.RigManifest;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Prints events as JSON, one object a line: {@code kind}, then the members of the header, then the
 * event's own, under the names that they have in the model.
 *
 * <pre>
 * {"kind":"DmaMap","sequence":1,"timestampNs":23728637349,"cpu":0,"pid":11,"comm":"dd","place":2,
 *  "device":"0000:00:04.0","api":"PAGE","direction":"TO_DEVICE","dmaAddr":"0x11e2c7000",...}
 * </pre>
 *
 * <p>Addresses and masks are strings in hexadecimal, which JSON's numbers are too small for;
 * attributes are their names as tracefs prints them; everything else is what it is.
 */
public final class JsonLinesPrinter {
  private static final Set<String> HEXADECIMAL =
      Set.of(
          "dmaAddr",
          "physAddr",
          "cpuAddr",
          "deviceAddr",
          "iova",
          "dmaMask",
          "attachment",
          "physAddrs",
          "dmaAddrs",
          "address",
          "state",
          "table",
          "pageLinks",
          "segBoundaryMask",
          "virtBoundaryMask",
          "pageSizeBitmap",
          "prps",
          "blocks");
  private static final String ATTRS = "attrs";

  private static final JsonFactory JSON = new JsonFactory();

  private final Map<Class<?>, RecordComponent[]> components = new ConcurrentHashMap<>();

  /** Returns the event as a line, without a newline at its end. */
  public String line(TraceEvent event) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("kind", event.getClass().getSimpleName());
      writeComponents(event, json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a string takes everything
    }
    return text.toString();
  }

  /** Writes a record's members; those of a record inside it stand beside them. */
  private void writeComponents(Object value, JsonGenerator json) throws IOException {
    for (RecordComponent component :
        components.computeIfAbsent(value.getClass(), Class::getRecordComponents)) {
      write(component.getName(), valueOf(component, value), json);
    }
  }

  private void write(String name, Object value, JsonGenerator json) throws IOException {
    switch (value) {
      case RigManifest _ -> {} // a document of its own, which the capture came with
      case Record inner -> writeComponents(inner, json);
      case String text -> json.writeStringField(name, text);
      case Boolean truth -> json.writeBooleanField(name, truth);
      case Integer number -> json.writeNumberField(name, number);
      case Long number when name.equals(ATTRS) ->
          json.writeStringField(name, DmaAttrs.toText(number));
      case Long number when HEXADECIMAL.contains(name) -> json.writeStringField(name, hex(number));
      case Long number -> json.writeNumberField(name, number);
      case Enum<?> constant -> json.writeStringField(name, constant.name());
      case U64List list -> writeList(name, list, json);
      default ->
          throw new IllegalStateException(
              "an event has a member of an unknown type [name=%s]".formatted(name));
    }
  }

  private static void writeList(String name, U64List list, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart(name);
    for (int i = 0; i < list.size(); i++) {
      if (HEXADECIMAL.contains(name)) {
        json.writeString(hex(list.at(i)));
      } else {
        json.writeNumber(list.at(i));
      }
    }
    json.writeEndArray();
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  private static Object valueOf(RecordComponent component, Object value) {
    try {
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e); // the members of our own public records are readable
    }
  }
}
