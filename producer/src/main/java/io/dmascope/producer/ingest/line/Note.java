package io.dmascope.producer.ingest.line;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.producer.ingest.text.TextCursor;
import java.nio.charset.StandardCharsets;

/** What a line says that is no event: headers, stack traces, losses. */
enum Note {
  /** Nothing for us. */
  SILENT,
  /** The recording lost events; {@link #loss} tells how many. */
  EVENTS_LOST,
  /** No note at all. */
  NONE;

  /**
   * Events that were lost.
   *
   * @param cpu the CPU that lost them, or {@link EventHeader#UNKNOWN} for all
   * @param count how many, or {@link EventsLost#COUNT_UNKNOWN}
   */
  record Loss(int cpu, long count) {
    static final Loss NOTHING = new Loss(EventHeader.UNKNOWN, 0);
  }

  private static final byte[] CPU = ascii("CPU:");
  private static final byte[] LOST = ascii(" [LOST ");
  private static final byte[] DROPPED = ascii(" EVENTS DROPPED]");
  private static final byte[] LOST_UNCOUNTED = ascii(" [LOST EVENTS]");
  private static final byte[] DROPPED_UNCOUNTED = ascii(" [EVENTS DROPPED]");
  private static final byte[] FRAME = ascii("=>");
  private static final byte[] ENTRIES = ascii("entries-in-buffer/entries-written: ");
  private static final byte[] LATENCY = ascii("# latency: ");

  /** First words of what trace-cmd prints before the events. */
  private static final byte[][] PREAMBLE = {ascii("cpus="), ascii("version = "), ascii("CPU ")};

  private static final int ADDRESS_DIGITS_MIN = 8;

  /** Says what the line {@code [from, end)} is; the line feed stands at {@code end}. */
  static Note at(byte[] b, int from, int end) {
    int p = TextCursor.afterBlanks(b, from);
    return switch (b[p]) {
      case '\n' -> SILENT;
      case '#' -> loss(b, from, end).count() > 0 ? EVENTS_LOST : SILENT;
      case '=' -> TextCursor.startsWith(b, p, FRAME) ? SILENT : NONE;
      case 'C', 'c', 'v' -> cpuNote(b, p, end);
      default -> isCallChain(b, from) ? SILENT : NONE;
    };
  }

  private static Note cpuNote(byte[] b, int p, int end) {
    if (!loss(b, p, end).equals(Loss.NOTHING)) {
      return EVENTS_LOST;
    }
    for (byte[] word : PREAMBLE) {
      if (TextCursor.startsWith(b, p, word)) {
        return SILENT;
      }
    }
    return NONE;
  }

  /** Reads how many events a line says were lost; {@link Loss#NOTHING} where none. */
  static Loss loss(byte[] b, int from, int end) {
    int p = TextCursor.afterBlanks(b, from);
    if (b[p] == '#') {
      return new Loss(EventHeader.UNKNOWN, overwritten(b, p, end));
    }
    return TextCursor.startsWith(b, p, CPU) ? cpuLoss(b, p + CPU.length) : Loss.NOTHING;
  }

  /*
   * tracefs      CPU:1 [LOST 236 EVENTS]       CPU:1 [LOST EVENTS]
   * trace-cmd    CPU:3 [73 EVENTS DROPPED]     CPU:1 [EVENTS DROPPED]
   */
  private static Loss cpuLoss(byte[] b, int place) {
    TextCursor cursor = new TextCursor();
    cursor.moveTo(b, place);
    int cpu = cursor.count();
    if (cursor.failed()) {
      return Loss.NOTHING;
    }
    if (cursor.take(LOST_UNCOUNTED) || cursor.take(DROPPED_UNCOUNTED)) {
      return new Loss(cpu, EventsLost.COUNT_UNKNOWN);
    }
    boolean tracefs = cursor.take(LOST);
    if (!tracefs && !(cursor.take(' ') && cursor.take('['))) {
      return Loss.NOTHING;
    }
    long count = cursor.decimal();
    boolean known = !cursor.failed() && count > 0 && (tracefs || cursor.take(DROPPED));
    return known ? new Loss(cpu, count) : Loss.NOTHING;
  }

  /*
   * # entries-in-buffer/entries-written: 1049/66973   #P:4
   * # latency: 0 us, #264/516, CPU#0 | (M:desktop VP:0, KP:0, SP:0 HP:0 #P:4)
   *
   * The file trace has no other sign that the ring buffer was overwritten.
   */
  private static long overwritten(byte[] b, int from, int end) {
    int entries = indexOf(ENTRIES, b, from, end);
    int counts = entries >= 0 ? entries + ENTRIES.length : -1;
    if (counts < 0 && TextCursor.startsWith(b, from, LATENCY)) {
      int hash = indexOf(new byte[] {'#'}, b, from + LATENCY.length, end);
      counts = hash < 0 ? -1 : hash + 1;
    }
    if (counts < 0) {
      return 0;
    }
    TextCursor cursor = new TextCursor();
    cursor.moveTo(b, counts);
    long inBuffer = cursor.decimal();
    long written = cursor.take('/') ? cursor.decimal() : inBuffer;
    return cursor.failed() ? 0 : Math.max(0, written - inBuffer);
  }

  /** perf prints a call chain as indented addresses with symbols. */
  private static boolean isCallChain(byte[] b, int from) {
    int p = from;
    while (b[p] == ' ' || b[p] == '\t') {
      p++;
    }
    int first = p;
    while (TextCursor.isDigit(b[p]) || (b[p] >= 'a' && b[p] <= 'f')) {
      p++;
    }
    return first > from && p - first >= ADDRESS_DIGITS_MIN && b[p] == ' ';
  }

  private static int indexOf(byte[] text, byte[] b, int from, int end) {
    for (int p = from; p < end; p++) {
      if (TextCursor.startsWith(b, p, text)) {
        return p;
      }
    }
    return -1;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
