package io.dmascope.producer.ingest.layout;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.producer.ingest.text.Ascii;
import io.dmascope.producer.ingest.text.Lines;
import io.dmascope.producer.ingest.text.TextCache;
import io.dmascope.producer.ingest.text.ValueReader;
import java.util.OptionalLong;

/**
 * Turns the text of one event into a {@code TraceEvent}: {@link #read} takes the values off the
 * line, {@link #event} makes the record of them.
 *
 * <p>Reads what the kernel prints, and the two forms that tools print where they cannot format an
 * event:
 *
 * <pre>
 * 0000:00:04.0 dir=TO_DEVICE dma_addr=fffff000 size=512 phys_addr=10200 attrs=
 * [FAILED TO PARSE] device=0000:00:04.0 full_nents=1 ... phys_addrs=ARRAY[00, b0, ...] dir=2 attrs=0x100
 * device=0000:00:08.0 phys_addr=0x7ea6c578 (2124858744) dma_addr=0xffbb2578 (4290454904) ...
 * </pre>
 *
 * <p>An instance holds the values of one line at a time.
 */
/* hot path */
public final class EventDecoder {
  private static final Ascii FAILED_TO_PARSE = Ascii.of("[FAILED TO PARSE] ");

  /** {@code %p} of nothing: older kernels, and the C library that trace-cmd prints with. */
  private static final Ascii[] NULL_POINTERS = {Ascii.of("(null)"), Ascii.of("(nil)")};

  /** Printed for every pointer until the kernel has entropy to hash it with. */
  private static final Ascii UNHASHED_POINTER = Ascii.of("(____ptrval____)");

  private static final Ascii[] DIRECTION_NAMES = {
    Ascii.of("BIDIRECTIONAL"), Ascii.of("TO_DEVICE"), Ascii.of("FROM_DEVICE"), Ascii.of("NONE")
  };

  private final TextCache texts;
  private final ValueReader reader = new ValueReader();
  private final EventValues values = new EventValues();

  /** The attributes last read, and what they were read from. */
  private String attrsText = "";

  private long attrs;

  private EventLayout layout;
  private String problem = "";
  private int problemLabel;

  /** Decodes with the strings of {@code texts}. */
  public EventDecoder(TextCache texts) {
    this.texts = texts;
  }

  /**
   * Takes the values of an event off its line.
   *
   * @param text where the event's text begins, behind its name
   * @return the line feed that ends the line, or {@link ValueReader#NO_VALUE} where the text is not
   *     what a kernel prints: {@link #problem} says why
   */
  public int read(EventLayout eventLayout, byte[] b, int text) {
    layout = eventLayout;
    values.begin(eventLayout, 0);
    int p = text;
    boolean formatted = !FAILED_TO_PARSE.isAt(b, p);
    if (!formatted) {
      p += FAILED_TO_PARSE.length();
    }
    if (layout.hasLiteral() && layout.literal().isAt(b, p)) {
      p = Lines.afterBlanks(b, p + layout.literal().length());
    }
    if (layout.unlabelled().length > 0 && !layout.beginsWithField(b, p)) {
      p = readUnlabelled(b, p);
    }
    int end = readLabelled(b, p, formatted);
    if (end >= 0 && !(values.isComplete() && values.listsAgree())) {
      return refuse(values.problem(), -1);
    }
    return end;
  }

  /** Why {@link #read} refused the text, for the user. */
  public String problem() {
    String where = problemLabel < 0 ? "" : layout.labels().text(problemLabel) + " ";
    return layout.name() + ": " + where + problem;
  }

  /** Makes the event of the values last read, under {@code header}. */
  public TraceEvent event(EventHeader header) {
    return values.event(header);
  }

  private int readLabelled(byte[] b, int from, boolean formatted) {
    EventLayout l = layout;
    Labels labels = l.labels();
    int p = from;
    int expected = 0;
    while (b[p] != '\n') {
      int label = labels.at(b, p, expected);
      if (label >= 0) {
        Slot slot = l.slot(label);
        if (values.has(slot)) {
          return refuse("stands on the line twice", label);
        }
        values.mark(slot);
        p = readValue(slot, b, p + labels.bytes(label), formatted);
        if (p < 0 || !Lines.isEnd(b[p])) {
          return refuse("has no readable value", label);
        }
        expected = label + 1;
      } else {
        p = afterUnknown(b, p);
        if (p < 0) {
          return refuse("has unexpected text", -1);
        }
      }
      if (b[p] == ' ') {
        p++;
      }
      if (b[p] <= ' ') {
        p = Lines.afterBlanks(b, p);
      }
    }
    return p;
  }

  /** Reads text up to the first label; of two values the first ends at a blank. */
  private int readUnlabelled(byte[] b, int from) {
    Slot[] unlabelled = layout.unlabelled();
    int p = from;
    for (int i = 0; i < unlabelled.length; i++) {
      boolean last = i == unlabelled.length - 1;
      int to = last ? layout.labels().endOfText(b, p) : Lines.endOfToken(b, p);
      values.mark(unlabelled[i]);
      values.set(unlabelled[i], texts.text(b, p, to));
      p = Lines.afterBlanks(b, to);
    }
    return p;
  }

  /** A label of a kernel to come is passed over, and so is the decimal twin of a field's value. */
  private static int afterUnknown(byte[] b, int from) {
    return b[from] == '(' || b[from] == '['
        ? Lines.endOfToken(b, from)
        : Labels.afterUnknown(b, from);
  }

  /** Reads a value into its slot and returns the place behind it. */
  private int readValue(Slot slot, byte[] b, int from, boolean formatted) {
    return switch (slot.form()) {
      case HEX -> take(slot, formatted ? reader.hex(b, from) : reader.number(b, from));
      case DECIMAL -> take(slot, reader.number(b, from));
      case INT -> take(slot, reader.int32(b, from));
      case DIRECTION -> readDirection(b, from);
      case ATTRS -> readAttrs(b, from);
      case RANGE -> readRange(slot, b, from);
      case LIST_OF_64 -> readList(slot, b, from, Long.BYTES);
      case LIST_OF_32 -> readList(slot, b, from, Integer.BYTES);
      case COUNTS -> readCounts(slot, b, from);
      case TEXT -> readText(slot, b, from);
      case POINTER -> readPointer(slot, b, from);
      case FLAG -> readFlag(slot, b, from);
      case WORD -> from;
    };
  }

  private int readText(Slot slot, byte[] b, int from) {
    int to = layout.labels().endOfText(b, from);
    values.set(slot, texts.text(b, from, to));
    return to;
  }

  private int take(Slot slot, int end) {
    values.set(slot, reader.number());
    return end;
  }

  private int readList(Slot slot, byte[] b, int from, int elementBytes) {
    int end =
        b[from] == '{' ? reader.printedArray(b, from) : reader.dumpedArray(b, from, elementBytes);
    values.set(slot, reader.list());
    return end;
  }

  private int readFlag(Slot slot, byte[] b, int from) {
    if (b[from] != '(') {
      return take(slot, reader.number(b, from));
    }
    int end = take(slot, reader.number(b, from + 1));
    return end >= 0 && b[end] == ')' ? end + 1 : ValueReader.NO_VALUE;
  }

  private int readPointer(Slot slot, byte[] b, int from) {
    for (Ascii nothing : NULL_POINTERS) {
      if (nothing.isAt(b, from)) {
        values.set(slot, 0);
        return from + nothing.length();
      }
    }
    if (UNHASHED_POINTER.isAt(b, from)) {
      values.set(slot, -1);
      return from + UNHASHED_POINTER.length();
    }
    return take(slot, reader.hex(b, from));
  }

  private int readRange(Slot slot, byte[] b, int from) {
    int end = take(slot, reader.hex(b, from));
    boolean hasEnd = end >= 0 && b[end] == ' ' && b[end + 1] == '-' && b[end + 2] == ' ';
    return hasEnd ? ValueReader.skipHex(b, end + 3) : end;
  }

  /** {@code traced/full}; a field tells the full count only. */
  private int readCounts(Slot slot, byte[] b, int from) {
    int end = reader.count(b, from);
    if (end >= 0 && b[end] == '/') {
      values.traced(slot, reader.number());
      end = reader.count(b, end + 1);
    }
    return take(slot, end);
  }

  private int readDirection(byte[] b, int from) {
    for (int value = 0; value < DIRECTION_NAMES.length; value++) {
      if (DIRECTION_NAMES[value].isAt(b, from)) {
        values.set(Slot.DIRECTION, value);
        return from + DIRECTION_NAMES[value].length();
      }
    }
    return take(Slot.DIRECTION, reader.number(b, from));
  }

  /** {@code SKIP_CPU_SYNC|NO_WARN|0x8000}, {@code 0x120}, or nothing. */
  private int readAttrs(byte[] b, int from) {
    if (Lines.isEnd(b[from])) {
      values.set(Slot.ATTRS, 0);
      return from;
    }
    int to = Lines.endOfToken(b, from);
    String text = texts.text(b, from, to);
    if (!text.equals(attrsText)) {
      OptionalLong bits = attrsOf(text);
      if (bits.isEmpty()) {
        return ValueReader.NO_VALUE;
      }
      attrs = bits.getAsLong();
      attrsText = text;
    }
    values.set(Slot.ATTRS, attrs);
    return to;
  }

  /** Names of kernels to come are passed over: no rule of ours can depend on them. */
  private static OptionalLong attrsOf(String text) {
    long bits = 0;
    for (String part : text.split("\\|", -1)) {
      if (part.matches("0x[0-9a-f]{1,16}")) {
        bits |= Long.parseUnsignedLong(part, 2, part.length(), 16);
      } else if (part.matches("[A-Z][A-Z0-9_]*")) {
        bits |= DmaAttrs.bit(part).orElse(0);
      } else {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(bits);
  }

  private int refuse(String why, int label) {
    problem = why;
    problemLabel = label;
    return ValueReader.NO_VALUE;
  }
}
