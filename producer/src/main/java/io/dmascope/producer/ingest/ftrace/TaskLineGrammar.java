package io.dmascope.producer.ingest.ftrace;

import io.dmascope.producer.ingest.line.LineContext;
import io.dmascope.producer.ingest.line.LineGrammar;
import io.dmascope.producer.ingest.text.Lines;
import io.dmascope.producer.ingest.text.ValueReader;
import io.dmascope.producer.ingest.text.Words;

/**
 * The context that tracefs and {@code trace-cmd report} print before an event (kernel/trace/
 * trace_output.c {@code trace_print_context()}, {@code trace_print_lat_context()}).
 *
 * <pre>
 *               dd-314     [003] .....   121.595488: dma_map_sg: ...      the usual form
 *               dd-327     (    327) [003] .....   123.781949: ...        record-tgid
 *               dd-318     [000] .....            4: dma_map_sg: ...      clocks that count no time
 *               dd-331     [000]    124.245784: dma_map_sg: ...           without irq-info
 *              fio-303   [003]-0x0    69.114049: map: ...                 trace-cmd report -R
 *       dd-360       0d..1. 239375us : dma_map_page: ...                  latency-format
 *      fio-303     3.....    69.114049: map: ...                          trace-cmd report -l
 *               dd     360   0 1 00000001 00000000 [0000c1d2] 239.375ms (+0.003ms): ...  and verbose
 * </pre>
 *
 * <p>A task's name may hold anything, also blanks and {@code -1 [000]}. It is right-aligned to 16
 * columns (8 in latency-format), so the dash behind it is first looked for there; where somebody
 * has stripped the lines, the first dash counts behind which the rest reads as a context.
 */
/* hot path */
public final class TaskLineGrammar implements LineGrammar {
  private static final int NAME_COLUMNS = 16;
  private static final int SHORT_NAME_COLUMNS = 8;

  /** Seconds have five columns and may need eight: a machine that has been up for years. */
  private static final int MORE_SECOND_DIGITS_MAX = 3;

  /** Farther to the right no name can end, with room for the name of a buffer before it. */
  private static final int DASH_COLUMN_MAX = 80;

  @Override
  public int readContext(byte[] b, int from, LineContext context) {
    int event = readColumns(b, from, context);
    return event == NO_CONTEXT ? readFreely(b, from, context) : event;
  }

  /*
   * Nearly every line has its values in the same columns, counted from the bracket before the CPU:
   *
   *           bash-73      [003] .....    23.441429: dma_unmap_sg: ...     tracefs: bracket at 25
   *            fio-303   [003] .....    69.114049: map:          ...       trace-cmd: at 23
   * 0               16       25   30    36    42     49
   *
   * Read by columns, no value waits for the end of the one before it: 3 times faster than
   * readFreely(), which says the same of every line that this one accepts (TaskLineGrammarTest).
   */
  private static int readColumns(byte[] b, int from, LineContext context) {
    int bracket = from + (b[from + 25] == '[' ? 25 : 23);
    int dot = bracket + 17;
    while (b[dot] != '.' && dot < bracket + 17 + MORE_SECOND_DIGITS_MAX) {
      dot++;
    }
    boolean inColumns =
        b[bracket] == '['
            && b[from + NAME_COLUMNS] == '-'
            && b[bracket + 4] == ']'
            && b[bracket + 5] == ' '
            && b[bracket + 6] != ' '
            && b[bracket + 11] == ' '
            && b[dot] == '.'
            && b[dot + 7] == ':'
            && b[dot + 8] == ' '
            && b[dot + 9] > ' ';
    if (!inColumns) {
      return NO_CONTEXT;
    }
    long pid = Words.leftAligned(Words.first(Words.at(b, from + 17), bracket - from - 17));
    long cpu = Words.digits(Words.last(Words.at(b, bracket - 4), 3));
    long seconds = Words.rightAligned(Words.last(Words.at(b, dot - 8), dot - bracket - 12));
    long micros = Words.digits(Words.last(Words.at(b, dot - 1), 6));
    boolean flags = Words.isPrintable(Words.first(Words.at(b, bracket + 6), 5));
    if ((pid | cpu | seconds | micros) < 0 || !flags || !lineReaches(b, from, NAME_COLUMNS)) {
      return NO_CONTEXT;
    }
    context.comm(from, from + NAME_COLUMNS);
    context.set((int) pid, (int) cpu, (seconds * 1_000_000 + micros) * 1000);
    return dot + 9;
  }

  private static int readFreely(byte[] b, int from, LineContext context) {
    if (lineReaches(b, from, NAME_COLUMNS) && b[from + NAME_COLUMNS] == '-') {
      int event = afterDash(b, from, from + NAME_COLUMNS, context);
      if (event != NO_CONTEXT) {
        return event;
      }
    }
    if (b[from] == '#') {
      return NO_CONTEXT;
    }
    return readUnaligned(b, from, context);
  }

  private static int readUnaligned(byte[] b, int from, LineContext context) {
    if (lineReaches(b, from, SHORT_NAME_COLUMNS) && b[from + SHORT_NAME_COLUMNS] == '-') {
      int event = afterDash(b, from, from + SHORT_NAME_COLUMNS, context);
      if (event != NO_CONTEXT) {
        return event;
      }
    }
    for (int p = from; b[p] != '\n' && p - from <= DASH_COLUMN_MAX; p++) {
      if (b[p] == '-' && Lines.isDigit(b[p + 1])) {
        int event = afterDash(b, from, p, context);
        if (event != NO_CONTEXT) {
          return event;
        }
      }
    }
    return verbose(b, from, context);
  }

  /** True where the line has that many bytes, 8 or 16, before its end. */
  private static boolean lineReaches(byte[] b, int from, int columns) {
    int first = Words.indexOf(Words.at(b, from), (byte) '\n');
    return first == Long.BYTES
        && (columns <= Long.BYTES
            || Words.indexOf(Words.at(b, from + Long.BYTES), (byte) '\n') >= columns - Long.BYTES);
  }

  /** Reads from the dash behind the task's name on. */
  private static int afterDash(byte[] b, int from, int dash, LineContext context) {
    int p = context.readPid(b, dash + 1);
    if (p < 0 || b[p] != ' ') {
      return NO_CONTEXT;
    }
    p = Lines.afterBlanks(b, p);
    if (b[p] == '(') {
      p = afterThreadGroup(b, p);
    }
    if (b[p] == '[') {
      p = context.readCpu(b, p + 1);
      if (p < 0 || b[p] != ']') {
        return NO_CONTEXT;
      }
      p++;
    } else {
      // Latency form: the flags follow the CPU without a blank, and never begin with a digit.
      p = context.readCpu(b, p);
      if (p < 0 || b[p] == ' ') {
        return NO_CONTEXT;
      }
    }
    context.comm(from, dash);
    return afterCpu(b, p, context);
  }

  /** {@code ( 327)} or {@code (-------)}. */
  private static int afterThreadGroup(byte[] b, int paren) {
    int p = paren + 1;
    while (b[p] == ' ' || b[p] == '-' || Lines.isDigit(b[p])) {
      p++;
    }
    return b[p] == ')' ? Lines.afterBlanks(b, p + 1) : p;
  }

  /** Flags, which may be absent, the stamp, a colon. */
  private static int afterCpu(byte[] b, int place, LineContext context) {
    int p = place;
    if (b[p] != ' ' || !Lines.isDigit(b[Lines.afterBlanks(b, p)])) {
      p = Lines.endOfToken(b, Lines.afterBlanks(b, p));
    }
    p = context.readTimestamp(b, Lines.afterBlanks(b, p));
    if (p < 0) {
      return NO_CONTEXT;
    }
    if (b[p] == 'u' && b[p + 1] == 's') {
      // "239375us : " and, after a gap, "239403us#: "
      context.timestampNs(context.timestampNs() * 1000);
      context.timed(true);
      p += b[p + 2] == ':' || b[p + 2] == '\n' ? 2 : 3;
    } else if (b[p] == ' ') {
      p++;
    }
    return b[p] == ':' && b[p + 1] == ' ' ? Lines.afterBlanks(b, p + 1) : NO_CONTEXT;
  }

  /*
   * comm pid cpu flags preempt-count index [stamp] relative (+gap): with everything but the name in
   * columns; the stamp in brackets is hexadecimal, in microseconds where the clock counts time.
   */
  private static int verbose(byte[] b, int from, LineContext context) {
    if (!lineReaches(b, from, NAME_COLUMNS) || b[from + NAME_COLUMNS] != ' ') {
      return NO_CONTEXT;
    }
    int p = context.readPid(b, Lines.afterBlanks(b, from + NAME_COLUMNS));
    if (p < 0 || b[p] != ' ') {
      return NO_CONTEXT;
    }
    p = context.readCpu(b, Lines.afterBlanks(b, p));
    for (int column = 0; column < 3 && p >= 0; column++) {
      p = b[p] == ' ' ? Lines.endOfToken(b, Lines.afterBlanks(b, p)) : -1;
    }
    if (p < 0 || b[p] != ' ' || b[p + 1] != '[') {
      return NO_CONTEXT;
    }
    ValueReader values = new ValueReader();
    p = values.hex(b, p + 2);
    if (p < 0 || b[p] != ']' || b[p + 1] != ' ') {
      return NO_CONTEXT;
    }
    long stamp = values.number();
    p = Lines.endOfToken(b, p + 2);
    boolean inTime = b[p - 1] == 's';
    p = b[p] == ' ' && b[p + 1] == '(' ? Lines.endOfToken(b, p + 1) : p;
    if (b[p - 1] != ':' || b[p] != ' ') {
      return NO_CONTEXT;
    }
    context.timestampNs(inTime ? stamp * 1000 : stamp);
    context.timed(inTime);
    context.comm(from, from + NAME_COLUMNS);
    return Lines.afterBlanks(b, p);
  }
}
