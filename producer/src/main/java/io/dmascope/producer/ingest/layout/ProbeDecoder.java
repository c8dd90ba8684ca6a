package io.dmascope.producer.ingest.layout;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.ProbeShape;
import io.dmascope.model.event.ProbeShape.Field;
import io.dmascope.producer.ingest.text.Ascii;
import io.dmascope.producer.ingest.text.Lines;
import io.dmascope.producer.ingest.text.TextCache;
import io.dmascope.producer.ingest.text.ValueReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Turns the text of a probe event into a {@code ProbeEvent}, as {@link EventDecoder} does for
 * tracepoints: {@link #read} takes the values off the line, {@link #event} makes the record.
 *
 * <pre>
 * dmascope_driver_binding: device=0000:03:00.0 driver=mlx5_core bound=1
 * </pre>
 *
 * <p>Every field has a label, in any order; labels of recorders to come are passed over. Numbers
 * are decimal or begin with {@code 0x}; those in lists are hexadecimal, as in {@code dma_map_sg}.
 */
public final class ProbeDecoder {
  private static final Ascii PREFIX = Ascii.of(ProbeShape.PREFIX);
  private static final EventHeader NO_HEADER = new EventHeader(0, 0, 0, 0, "", 0);

  /** The labels of a kind, each with its equals sign. */
  private static final List<Labels> LABELS =
      ProbeShape.all().stream()
          .map(shape -> new Labels(shape.fields().stream().map(f -> f.label() + "=").toList()))
          .toList();

  private final TextCache texts;
  private final ValueReader reader = new ValueReader();
  private ProbeShape shape = ProbeShape.all().getFirst();
  private Object[] values = {};
  private String problem = "";

  /** Decodes with the strings of {@code texts}. */
  public ProbeDecoder(TextCache texts) {
    this.texts = texts;
  }

  /** Returns the kind with the name {@code [from, to)}, or empty: no probe event. */
  public static Optional<ProbeShape> named(byte[] b, int from, int to) {
    if (to - from <= PREFIX.length() || !PREFIX.isAt(b, from)) {
      return Optional.empty();
    }
    int name = from + PREFIX.length();
    return ProbeShape.named(new String(b, name, to - name, StandardCharsets.ISO_8859_1));
  }

  /**
   * Takes the values of an event off its line.
   *
   * @param text where the event's text begins, behind its name
   * @return the line feed that ends the line, or {@link ValueReader#NO_VALUE} where the text is
   *     none of that kind: {@link #problem} says why
   */
  public int read(ProbeShape kind, byte[] b, int text) {
    shape = kind;
    values = new Object[kind.fields().size()];
    int end = readFields(b, text);
    return end >= 0 && isWhole() ? end : ValueReader.NO_VALUE;
  }

  /** Why {@link #read} refused the text, for the user. */
  public String problem() {
    return shape.eventName() + ": " + problem;
  }

  /** Makes the event of the values last read, under {@code header}. */
  public ProbeEvent event(EventHeader header) {
    return shape.event(header, values);
  }

  private int readFields(byte[] b, int from) {
    int p = Lines.afterBlanks(b, from);
    int expected = 0;
    while (b[p] != '\n') {
      int field = labels().at(b, p, expected);
      if (field < 0) {
        p = Labels.afterUnknown(b, p);
        if (p < 0) {
          problem = "has unexpected text";
          return p;
        }
      } else {
        String label = shape.fields().get(field).label();
        if (values[field] != null) {
          problem = label + "= stands on the line twice";
          return ValueReader.NO_VALUE;
        }
        p = readValue(field, b, p + labels().bytes(field));
        if (p < 0 || !Lines.isEnd(b[p])) {
          problem = label + "= has no readable value";
          return ValueReader.NO_VALUE;
        }
        expected = field + 1;
      }
      p = Lines.afterBlanks(b, p);
    }
    return p;
  }

  private boolean isWhole() {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null) {
        problem = "lacks " + shape.fields().get(i).label() + "=";
        return false;
      }
    }
    try {
      shape.event(NO_HEADER, values);
      return true;
    } catch (IllegalArgumentException e) {
      problem = e.getMessage();
      return false;
    }
  }

  private Labels labels() {
    return LABELS.get(shape.index());
  }

  private int readValue(int index, byte[] b, int from) {
    Field field = shape.fields().get(index);
    return switch (field.form()) {
      case TEXT -> {
        int end = labels().endOfText(b, from);
        values[index] = texts.text(b, from, end);
        yield end;
      }
      case CONSTANT -> {
        int end = Lines.endOfToken(b, from);
        int constant = field.constants().indexOf(texts.text(b, from, end));
        values[index] = (long) constant;
        yield constant < 0 ? ValueReader.NO_VALUE : end;
      }
      case LIST -> {
        int end = reader.printedArray(b, from);
        values[index] = reader.list();
        yield end;
      }
      case NUMBER -> take(index, reader.number(b, from));
      case INT, FLAG -> take(index, reader.int32(b, from));
    };
  }

  private int take(int index, int end) {
    values[index] = reader.number();
    return end;
  }
}
