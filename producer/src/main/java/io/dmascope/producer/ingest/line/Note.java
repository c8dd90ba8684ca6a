package io.dmascope.producer.ingest.line;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.producer.ingest.text.Ascii;
import io.dmascope.producer.ingest.text.Lines;
import io.dmascope.producer.ingest.text.ValueReader;

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

  private static final Ascii CPU = Ascii.of("CPU:");
  private static final Ascii LOST = Ascii.of(" [LOST ");
  private static final Ascii LOST_END = Ascii.of(" EVENTS]");
  private static final Ascii OPEN = Ascii.of(" [");
  private static final Ascii DROPPED = Ascii.of(" EVENTS DROPPED]");
  private static final Ascii LOST_UNCOUNTED = Ascii.of(" [LOST EVENTS]");
  private static final Ascii DROPPED_UNCOUNTED = Ascii.of(" [EVENTS DROPPED]");
  private static final Ascii FRAME = Ascii.of("=>");
  private static final Ascii ENTRIES = Ascii.of("entries-in-buffer/entries-written: ");
  private static final Ascii HASH = Ascii.of("#");
  private static final Ascii LATENCY = Ascii.of("# latency: ");

  /** First words of what trace-cmd prints before the events. */
  private static final Ascii[] PREAMBLE = {
    Ascii.of("cpus="), Ascii.of("version = "), Ascii.of("CPU ")
  };

  private static final int ADDRESS_DIGITS_MIN = 8;
  private static final int ADDRESS_COLUMNS = 16;

  /** Says what the line {@code [from, end)} is; the line feed stands at {@code end}. */
  static Note at(byte[] b, int from, int end) {
    int p = Lines.afterBlanks(b, from);
    return switch (b[p]) {
      case '\n' -> SILENT;
      case '#' -> loss(b, from, end).count() > 0 ? EVENTS_LOST : SILENT;
      case '=' -> FRAME.isAt(b, p) ? SILENT : NONE;
      case 'C', 'c', 'v' -> isCallChain(b, from) ? SILENT : cpuNote(b, p, end);
      default -> isCallChain(b, from) ? SILENT : NONE;
    };
  }

  private static Note cpuNote(byte[] b, int p, int end) {
    if (!loss(b, p, end).equals(Loss.NOTHING)) {
      return EVENTS_LOST;
    }
    for (Ascii word : PREAMBLE) {
      if (word.isAt(b, p)) {
        return SILENT;
      }
    }
    return NONE;
  }

  /** Reads how many events a line says were lost; {@link Loss#NOTHING} where none. */
  static Loss loss(byte[] b, int from, int end) {
    int p = Lines.afterBlanks(b, from);
    if (b[p] == '#') {
      return new Loss(EventHeader.UNKNOWN, overwritten(b, p, end));
    }
    return CPU.isAt(b, p) ? cpuLoss(b, p + CPU.length()) : Loss.NOTHING;
  }

  /*
   * tracefs      CPU:1 [LOST 236 EVENTS]       CPU:1 [LOST EVENTS]
   * trace-cmd    CPU:3 [73 EVENTS DROPPED]     CPU:1 [EVENTS DROPPED]
   */
  private static Loss cpuLoss(byte[] b, int place) {
    ValueReader values = new ValueReader();
    int p = values.count(b, place);
    if (p < 0) {
      return Loss.NOTHING;
    }
    int cpu = (int) values.number();
    if (LOST_UNCOUNTED.isAt(b, p) || DROPPED_UNCOUNTED.isAt(b, p)) {
      return new Loss(cpu, EventsLost.COUNT_UNKNOWN);
    }
    boolean tracefs = LOST.isAt(b, p);
    boolean traceCmd = !tracefs && OPEN.isAt(b, p);
    if (!tracefs && !traceCmd) {
      return Loss.NOTHING;
    }
    p = values.count(b, p + (tracefs ? LOST : OPEN).length());
    boolean known = p >= 0 && values.number() > 0 && (tracefs ? LOST_END : DROPPED).isAt(b, p);
    return known ? new Loss(cpu, values.number()) : Loss.NOTHING;
  }

  /*
   * # entries-in-buffer/entries-written: 1049/66973   #P:4
   * # latency: 0 us, #264/516, CPU#0 | (M:desktop VP:0, KP:0, SP:0 HP:0 #P:4)
   *
   * The file trace has no other sign that the ring buffer was overwritten.
   */
  private static long overwritten(byte[] b, int from, int end) {
    int entries = ENTRIES.indexIn(b, from, end);
    int counts = entries >= 0 ? entries + ENTRIES.length() : -1;
    if (counts < 0 && LATENCY.isAt(b, from)) {
      int hash = HASH.indexIn(b, from + LATENCY.length(), end);
      counts = hash < 0 ? -1 : hash + 1;
    }
    if (counts < 0) {
      return 0;
    }
    ValueReader values = new ValueReader();
    int p = values.decimal(b, counts);
    long inBuffer = values.number();
    if (p < 0 || b[p] != '/' || values.decimal(b, p + 1) < 0) {
      return 0;
    }
    return Math.max(0, values.number() - inBuffer);
  }

  /** perf prints a call chain as indented addresses with symbols. */
  private static boolean isCallChain(byte[] b, int from) {
    int p = from;
    while (b[p] == ' ' || b[p] == '\t') {
      p++;
    }
    int first = p;
    while (Lines.isDigit(b[p]) || (b[p] >= 'a' && b[p] <= 'f')) {
      p++;
    }
    int digits = p - first;
    if (digits == 0 || digits > ADDRESS_COLUMNS || !Lines.isEnd(b[p])) {
      return false;
    }
    // tools/perf/util/evsel_fprintf.c prints a tab and "%16lx": any number of digits. Where
    // somebody
    // has expanded or stripped the tab, the columns tell, or an address that no number is as long
    // as.
    boolean inColumns = b[from] == '\t' || p - from >= ADDRESS_COLUMNS;
    return inColumns || (first > from && digits >= ADDRESS_DIGITS_MIN && b[p] == ' ');
  }
}
