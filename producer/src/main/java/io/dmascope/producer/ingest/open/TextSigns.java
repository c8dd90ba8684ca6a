package io.dmascope.producer.ingest.open;

import io.dmascope.producer.ingest.ftrace.TaskLineGrammar;
import io.dmascope.producer.ingest.layout.EventLayout;
import io.dmascope.producer.ingest.line.LineContext;
import io.dmascope.producer.ingest.line.LineGrammar;
import io.dmascope.producer.ingest.perf.PerfLineGrammar;
import io.dmascope.producer.ingest.text.TextCursor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a single line tells of the text format that it belongs to. */
final class TextSigns {
  private static final byte[][] TRACEFS = ascii("# tracer: ", "##### CPU ");
  private static final byte[][] TRACE_CMD = ascii("cpus=", "version = ");
  private static final byte[][] PERF =
      ascii("# captured on", "# perf version", "# event : name = ");
  private static final byte[] CPU = "CPU:".getBytes(StandardCharsets.US_ASCII);
  private static final String LOST_BY_TRACEFS = " \\[LOST (\\d+ )?EVENTS]\r?";
  private static final String LOST_BY_TRACE_CMD = " \\[(\\d+ )?EVENTS DROPPED]\r?";

  private TextSigns() {}

  static boolean isTracefs(byte[] b, int from) {
    if (startsWithAny(TRACEFS, b, from) || isLoss(LOST_BY_TRACEFS, b, from)) {
      return true;
    }
    int name = contextOf(new TaskLineGrammar(), b, from);
    if (name >= 0) {
      return !isPadded(b, name);
    }
    // Recorded with nocontext-info: nothing but an event that we know.
    int colon = endOfName(b, from);
    return b[colon] == ':' && b[colon + 1] == ' ' && EventLayout.named(b, from, colon) != null;
  }

  static boolean isTraceCmd(byte[] b, int from) {
    if (startsWithAny(TRACE_CMD, b, from) || isLoss(LOST_BY_TRACE_CMD, b, from)) {
      return true;
    }
    int name = contextOf(new TaskLineGrammar(), b, from);
    return name >= 0 && isPadded(b, name);
  }

  static boolean isPerf(byte[] b, int from) {
    LineContext context = new LineContext();
    context.clear();
    return startsWithAny(PERF, b, from)
        || (new PerfLineGrammar().readContext(b, from, context) != LineGrammar.NO_CONTEXT
            && (context.cpu() >= 0 || context.timestampNs() > 0));
  }

  private static int contextOf(LineGrammar grammar, byte[] b, int from) {
    LineContext context = new LineContext();
    context.clear();
    return grammar.readContext(b, from, context);
  }

  /** trace-cmd pads names to a column; tracefs leaves one blank behind the colon. */
  private static boolean isPadded(byte[] b, int name) {
    int colon = endOfName(b, name);
    return b[colon] == ':' && b[colon + 1] == ' ' && b[colon + 2] == ' ';
  }

  private static int endOfName(byte[] b, int from) {
    int p = from;
    while (b[p] != ' ' && b[p] != ':' && b[p] != '\n') {
      p++;
    }
    return p;
  }

  private static boolean isLoss(String pattern, byte[] b, int from) {
    if (!TextCursor.startsWith(b, from, CPU)) {
      return false;
    }
    int end = TextCursor.endOfLine(b, from);
    String line = new String(b, from, end - from, StandardCharsets.ISO_8859_1);
    return line.matches("CPU:\\d+" + pattern);
  }

  private static boolean startsWithAny(byte[][] texts, byte[] b, int from) {
    return Arrays.stream(texts).anyMatch(text -> TextCursor.startsWith(b, from, text));
  }

  private static byte[][] ascii(String... texts) {
    return Arrays.stream(texts)
        .map(text -> text.getBytes(StandardCharsets.US_ASCII))
        .toArray(byte[][]::new);
  }
}
