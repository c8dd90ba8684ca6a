package io.dmascope.producer.ingest.perf;

import io.dmascope.producer.ingest.line.LineContext;
import io.dmascope.producer.ingest.line.LineGrammar;
import io.dmascope.producer.ingest.text.Ascii;
import io.dmascope.producer.ingest.text.Lines;

/**
 * The context that {@code perf script} prints before an event (tools/perf/builtin-script.c {@code
 * perf_sample__fprintf_start()}): any of its fields may be absent, their order is fixed.
 *
 * <pre>
 *               dd     389 [001]   133.872125:                 dma:dma_map_sg: ...   the default
 *               dd     389/389   [001]   133.872125123:  1  dma:dma_map_sg: ...      -F +pid,+period, --ns
 *               dd     389   133.872125:  dma:dma_map_sg: ...                        one thread recorded
 *   133.872125:  dma:dma_map_sg: ...                                                 -F time,event,trace
 *               dd     389 [001]  dma:dma_map_sg: ...                                without time
 * </pre>
 *
 * <p>An event shows by its {@code system:name:}. What stands before it is read from its end: a name
 * of a task may hold anything, a number may not.
 */
/* hot path */
public final class PerfLineGrammar implements LineGrammar {
  private static final Ascii RECORD = Ascii.of("PERF_RECORD_");

  @Override
  public int readContext(byte[] b, int from, LineContext context) {
    if (b[from] == '#') {
      return NO_CONTEXT;
    }
    int event = eventAt(b, from);
    if (event == NO_CONTEXT) {
      return NO_CONTEXT;
    }
    int end = Lines.beforeBlanks(b, from, event);
    end = readTime(b, from, end, context);
    end = readCpu(b, from, end, context);
    if (end < 0) {
      return NO_CONTEXT;
    }
    end = readThread(b, from, end, context);
    int comm = Lines.afterBlanks(b, from);
    context.comm(Math.min(comm, end), end);
    return event;
  }

  /** Returns where the first {@code system:name:} of the line begins. */
  private static int eventAt(byte[] b, int from) {
    int p = Lines.afterBlanks(b, from);
    while (b[p] != '\n') {
      int word = p;
      p = afterName(b, p);
      if (p > word && b[p] == ':' && Lines.isNamePart(b[p + 1])) {
        p = afterName(b, p + 1);
        if (b[p] == ':' && !Lines.isDigit(b[word])) {
          return word;
        }
      }
      if (RECORD.isAt(b, word)) {
        return word;
      }
      p = Lines.afterBlanks(b, Lines.endOfToken(b, p));
    }
    return NO_CONTEXT;
  }

  /** Passes over a period before the event, and reads {@code 133.872125:} before that. */
  private static int readTime(byte[] b, int from, int end, LineContext context) {
    int token = tokenBefore(b, from, end);
    if (token < end && b[end - 1] != ':') {
      int p = token;
      while (Lines.isDigit(b[p])) {
        p++;
      }
      int before = Lines.beforeBlanks(b, from, token);
      boolean period = p == end && before > from && b[before - 1] == ':';
      if (!period) {
        return end;
      }
      return readTime(b, from, before, context);
    }
    if (token == end) {
      return end;
    }
    boolean isTime = context.readTimestamp(b, token) == end - 1;
    if (!isTime) {
      context.timestampNs(0);
    }
    return isTime ? Lines.beforeBlanks(b, from, token) : end;
  }

  /** Reads {@code [001]}; returns -1 where brackets hold no number. */
  private static int readCpu(byte[] b, int from, int end, LineContext context) {
    if (end <= from || b[end - 1] != ']') {
      return end;
    }
    int token = tokenBefore(b, from, end);
    if (b[token] != '[' || context.readCpu(b, token + 1) != end - 1) {
      return -1;
    }
    return Lines.beforeBlanks(b, from, token);
  }

  /** Reads {@code 389} or {@code 388/389}: of process and thread the thread is what traces name. */
  private static int readThread(byte[] b, int from, int end, LineContext context) {
    int token = tokenBefore(b, from, end);
    int p = context.readPid(b, token);
    if (p > 0 && b[p] == '/') {
      p = context.readPid(b, p + 1);
    }
    if (p != end || end == token) {
      context.clearPid();
      return end;
    }
    // "389/  390": perf may pad the thread.
    int before = Lines.beforeBlanks(b, from, token);
    int process = tokenBefore(b, from, before);
    boolean padded = before > process && b[before - 1] == '/' && isNumber(b, process, before - 1);
    return padded ? Lines.beforeBlanks(b, from, process) : before;
  }

  /** Returns the first place from {@code place} on that is no part of a name in C. */
  private static int afterName(byte[] b, int place) {
    int p = place;
    while (Lines.isNamePart(b[p])) {
      p++;
    }
    return p;
  }

  private static boolean isNumber(byte[] b, int from, int to) {
    int p = from;
    while (p < to && Lines.isDigit(b[p])) {
      p++;
    }
    return p == to && to > from;
  }

  private static int tokenBefore(byte[] b, int from, int end) {
    int p = end;
    while (p > from && b[p - 1] != ' ') {
      p--;
    }
    return p;
  }
}
