package io.dmascope.producer.ingest.open;

import io.dmascope.producer.ingest.ftrace.TaskLineGrammar;
import io.dmascope.producer.ingest.layout.EventLayout;
import io.dmascope.producer.ingest.line.GraphLines;
import io.dmascope.producer.ingest.line.LineContext;
import io.dmascope.producer.ingest.line.LineGrammar;
import io.dmascope.producer.ingest.perf.PerfLineGrammar;
import io.dmascope.producer.ingest.text.Ascii;
import io.dmascope.producer.ingest.text.Lines;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What a single line tells of the text format that it belongs to. */
final class TextSigns {
  private static final List<Ascii> TRACEFS =
      List.of(Ascii.of("# tracer: "), Ascii.of("##### CPU "));
  private static final List<Ascii> TRACE_CMD = List.of(Ascii.of("cpus="), Ascii.of("version = "));
  private static final List<Ascii> PERF =
      List.of(Ascii.of("# captured on"), Ascii.of("# perf version"), Ascii.of("# event : name = "));
  private static final Ascii CPU = Ascii.of("CPU:");
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
    int colon = Lines.endOfName(b, from);
    return isGraph(b, from)
        || (b[colon] == ':' && b[colon + 1] == ' ' && EventLayout.named(b, from, colon) != null);
  }

  /** A line of a function graph, of which somebody left the header out. */
  private static boolean isGraph(byte[] b, int from) {
    int end = Lines.endOfLine(b, from);
    for (int p = from; p < end; p++) {
      if (b[p] == '|') {
        return GraphLines.showIn(Arrays.copyOfRange(b, from, end));
      }
    }
    return false;
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
    int colon = Lines.endOfName(b, name);
    return b[colon] == ':' && b[colon + 1] == ' ' && b[colon + 2] == ' ';
  }

  private static boolean isLoss(String pattern, byte[] b, int from) {
    if (!CPU.isAt(b, from)) {
      return false;
    }
    int end = Lines.endOfLine(b, from);
    String line = new String(b, from, end - from, StandardCharsets.ISO_8859_1);
    return line.matches("CPU:\\d+" + pattern);
  }

  private static boolean startsWithAny(List<Ascii> texts, byte[] b, int from) {
    return texts.stream().anyMatch(text -> text.isAt(b, from));
  }
}
