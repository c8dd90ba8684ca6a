package io.dmascope.producer.ingest.line;

import io.dmascope.producer.ingest.layout.EventLayout;
import io.dmascope.producer.ingest.text.Lines;
import io.dmascope.producer.ingest.text.Words;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the events out of a function graph, which prints them as comments among the calls
 * (kernel/trace/trace_functions_graph.c {@code print_graph_comment()}).
 *
 * <pre>
 *  2)               |    /* dma_map_page: 0000:05:00.0 dir=TO_DEVICE ... *&#47;
 *   23.441429 |   2)    fio-881    |               |    /* dma_map_page: ... *&#47;
 * </pre>
 *
 * <p>With the options funcgraph-abstime and funcgraph-proc an event has its time and task; without,
 * it reads as one of a trace recorded without context.
 */
public final class GraphLines implements LineRewriter.Form {
  private static final Pattern HEADER =
      Pattern.compile("(?m)^# tracer: function_graph\\s*$|^# +CPU +DURATION +FUNCTION CALLS");

  /** A call, its end or a comment, where no header came along. */
  private static final Pattern CALL =
      Pattern.compile(
          "(?m)^\\s*(?:\\d+\\.\\d+ +\\|)?\\s*\\d+\\)[^|\\n]*\\|(?:[^|\\n]*\\|)*"
              + "\\s*(?:\\w+\\(\\)|\\}|/\\* \\w+: )");

  private static final Pattern EVENT = Pattern.compile("\\|\\s*/\\* (\\w+): (.*?) ?\\*/\\s*$");

  private static final Pattern CONTEXT =
      Pattern.compile(
          "^\\s*(?<time>\\d+\\.\\d+)\\s+\\|(?:\\s*[\\d.]+ us\\s+\\|)?\\s*(?<cpu>\\d{1,5})\\)"
              + "\\s+(?<comm>\\S[^|]*?)-(?<pid>\\d{1,8})\\s+\\|.*");

  private static final Pattern NOT_AN_EVENT =
      Pattern.compile("[^|]*\\|.*|\\s*-{20,}\\s*|\\s*\\d+\\)\\s.*=>.*");

  private GraphLines() {}

  /** True where the text begins as a function graph. */
  public static boolean showIn(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return HEADER.matcher(text).find() || CALL.matcher(text).find();
  }

  /** Returns the text with the events in the form of a trace without a tracer. */
  public static InputStream plain(byte[] head, InputStream rest) {
    return new LineRewriter(head, rest, new GraphLines());
  }

  @Override
  public void line(byte[] bytes, int from, int end, ByteArrayOutputStream out) {
    String line = new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
    String form = line;
    Matcher event = EVENT.matcher(line);
    if (!line.startsWith("#") && event.find()) {
      form = isOurs(event.group(1)) ? eventLine(line, event.group(1), event.group(2)) : "#";
    } else if (!line.contains("/*") && NOT_AN_EVENT.matcher(line).matches()) {
      form = "#";
    }
    out.writeBytes(form.getBytes(StandardCharsets.ISO_8859_1));
    out.write('\n');
  }

  private static String eventLine(String line, String name, String text) {
    String event = name + ": " + text;
    Matcher context = CONTEXT.matcher(line);
    return context.matches()
        ? "%16s-%-7s [%3s] ..... %12s: %s"
            .formatted(
                context.group("comm").strip(),
                context.group("pid"),
                "0".repeat(Math.max(0, 3 - context.group("cpu").length())) + context.group("cpu"),
                context.group("time"),
                event)
        : event;
  }

  private static boolean isOurs(String name) {
    byte[] bytes = Words.lineOf(name.getBytes(StandardCharsets.ISO_8859_1));
    return EventLayout.named(bytes, 0, Lines.endOfName(bytes, 0)) != null;
  }
}
