package io.dmascope.producer.ingest.ftrace;

import io.dmascope.producer.ingest.line.LineContext;
import io.dmascope.producer.ingest.line.LineGrammar;
import io.dmascope.producer.ingest.text.TextCursor;

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

  /** Farther to the right no name can end, with room for the name of a buffer before it. */
  private static final int DASH_COLUMN_MAX = 80;

  @Override
  public int readContext(byte[] b, int from, LineContext context) {
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
      if (b[p] == '-' && TextCursor.isDigit(b[p + 1])) {
        int event = afterDash(b, from, p, context);
        if (event != NO_CONTEXT) {
          return event;
        }
      }
    }
    return verbose(b, from, context);
  }

  private static boolean lineReaches(byte[] b, int from, int columns) {
    for (int p = from; p < from + columns; p++) {
      if (b[p] == '\n') {
        return false;
      }
    }
    return true;
  }

  /** Reads from the dash behind the task's name on. */
  private static int afterDash(byte[] b, int from, int dash, LineContext context) {
    int p = context.readPid(b, dash + 1);
    if (p < 0 || b[p] != ' ') {
      return NO_CONTEXT;
    }
    p = TextCursor.afterBlanks(b, p);
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
    int name = TextCursor.afterBlanks(b, from);
    context.comm(name < dash ? name : dash, dash);
    return afterCpu(b, p, context);
  }

  /** {@code ( 327)} or {@code (-------)}. */
  private static int afterThreadGroup(byte[] b, int paren) {
    int p = paren + 1;
    while (b[p] == ' ' || b[p] == '-' || TextCursor.isDigit(b[p])) {
      p++;
    }
    return b[p] == ')' ? TextCursor.afterBlanks(b, p + 1) : p;
  }

  /** Flags, which may be absent, the stamp, a colon. */
  private static int afterCpu(byte[] b, int place, LineContext context) {
    int p = place;
    if (b[p] != ' ' || !TextCursor.isDigit(b[TextCursor.afterBlanks(b, p)])) {
      p = TextCursor.endOfToken(b, TextCursor.afterBlanks(b, p));
    }
    p = context.readTimestamp(b, TextCursor.afterBlanks(b, p));
    if (p < 0) {
      return NO_CONTEXT;
    }
    if (b[p] == 'u' && b[p + 1] == 's') {
      // "239375us : " and, after a gap, "239403us#: "
      context.timestampNs(context.timestampNs() * 1000);
      p += b[p + 2] == ':' || b[p + 2] == '\n' ? 2 : 3;
    } else if (b[p] == ' ') {
      p++;
    }
    return b[p] == ':' && b[p + 1] == ' ' ? TextCursor.afterBlanks(b, p + 1) : NO_CONTEXT;
  }

  /*
   * comm pid cpu flags preempt-count index [stamp] relative (+gap): with everything but the name in
   * columns; the stamp in brackets is hexadecimal, in microseconds where the clock counts time.
   */
  private static int verbose(byte[] b, int from, LineContext context) {
    if (!lineReaches(b, from, NAME_COLUMNS + 1) || b[from + NAME_COLUMNS] != ' ') {
      return NO_CONTEXT;
    }
    int p = context.readPid(b, TextCursor.afterBlanks(b, from + NAME_COLUMNS));
    if (p < 0 || b[p] != ' ') {
      return NO_CONTEXT;
    }
    p = context.readCpu(b, TextCursor.afterBlanks(b, p));
    for (int column = 0; column < 3 && p >= 0; column++) {
      p = b[p] == ' ' ? TextCursor.endOfToken(b, TextCursor.afterBlanks(b, p)) : -1;
    }
    if (p < 0 || b[p] != ' ' || b[p + 1] != '[') {
      return NO_CONTEXT;
    }
    TextCursor cursor = new TextCursor();
    cursor.moveTo(b, p + 2);
    long stamp = cursor.hex();
    if (cursor.failed() || !cursor.take(']') || !cursor.take(' ')) {
      return NO_CONTEXT;
    }
    p = TextCursor.endOfToken(b, cursor.at());
    boolean inTime = b[p - 1] == 's';
    p = b[p] == ' ' && b[p + 1] == '(' ? TextCursor.endOfToken(b, p + 1) : p;
    if (b[p - 1] != ':' || b[p] != ' ') {
      return NO_CONTEXT;
    }
    context.timestampNs(inTime ? stamp * 1000 : stamp);
    context.comm(TextCursor.afterBlanks(b, from), from + NAME_COLUMNS);
    return TextCursor.afterBlanks(b, p);
  }
}
