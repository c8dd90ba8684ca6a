package io.dmascope.producer.ingest.open;

import io.dmascope.producer.ingest.ftrace.TaskLineGrammar;
import io.dmascope.producer.ingest.line.LineGrammar;
import io.dmascope.producer.ingest.perf.PerfLineGrammar;
import io.dmascope.producer.ingest.text.Words;
import io.dmascope.producer.ingest.tracedat.TraceDatReader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The formats that are read, in the order in which they are tried. */
public enum TraceFormat {
  /** {@code trace-cmd record} and {@code extract}: binary, so its first line is only bytes. */
  TRACE_DAT(TraceDatReader.FORMAT, "trace.dat") {
    @Override
    Optional<LineGrammar> grammar() {
      return Optional.empty();
    }

    @Override
    boolean showsIn(byte[] bytes, int line) {
      return line == 0 && TraceDatReader.recognises(bytes, bytes.length);
    }
  },
  /** {@code trace} and {@code trace_pipe} of tracefs. */
  FTRACE_TEXT("ftrace-text", "tracefs text") {
    @Override
    Optional<LineGrammar> grammar() {
      return Optional.of(new TaskLineGrammar());
    }

    @Override
    boolean showsIn(byte[] bytes, int line) {
      return TextSigns.isTracefs(bytes, line);
    }
  },
  /** {@code trace-cmd report}. */
  TRACE_CMD_REPORT("trace-cmd-report", "trace-cmd report") {
    @Override
    Optional<LineGrammar> grammar() {
      return Optional.of(new TaskLineGrammar());
    }

    @Override
    boolean showsIn(byte[] bytes, int line) {
      return TextSigns.isTraceCmd(bytes, line);
    }
  },
  /** {@code perf script}. */
  PERF_SCRIPT("perf-script", "perf script") {
    @Override
    Optional<LineGrammar> grammar() {
      return Optional.of(new PerfLineGrammar());
    }

    @Override
    boolean showsIn(byte[] bytes, int line) {
      return TextSigns.isPerf(bytes, line);
    }
  };

  private final String label;
  private final String description;

  TraceFormat(String label, String description) {
    this.label = label;
    this.description = description;
  }

  /** How an event's line begins; empty for a binary format. */
  abstract Optional<LineGrammar> grammar();

  /** True where the line that begins at {@code line} is one that only this format has. */
  abstract boolean showsIn(byte[] bytes, int line);

  /** The name under which findings and metrics mention the format. */
  public String label() {
    return label;
  }

  /** Names of all formats, for the sentence that says what was tried. */
  static String tried() {
    List<String> names = Arrays.stream(values()).map(format -> format.description).toList();
    return names.subList(0, names.size() - 1).stream().collect(Collectors.joining(", "))
        + " and "
        + names.getLast();
  }

  /**
   * Returns the format of the first line that shows one.
   *
   * @param head begins with the beginning of the capture
   * @param whole true where nothing follows, so that the last line needs no line feed
   */
  static Optional<TraceFormat> of(byte[] head, boolean whole) {
    byte[] lines = Words.lineOf(head);
    int end = whole ? head.length + 1 : head.length;
    int from = 0;
    for (int p = 0; p < end; p++) {
      if (lines[p] == '\n') {
        Optional<TraceFormat> format = ofLine(lines, from);
        if (format.isPresent()) {
          return format;
        }
        from = p + 1;
      }
    }
    return Optional.empty();
  }

  private static Optional<TraceFormat> ofLine(byte[] lines, int from) {
    return Arrays.stream(values()).filter(format -> format.showsIn(lines, from)).findFirst();
  }
}
