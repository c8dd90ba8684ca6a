package io.dmascope.producer.ingest.open;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.producer.ingest.CaptureEmitter;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.TraceReader;
import io.dmascope.producer.ingest.UnusableInputException;
import io.dmascope.producer.ingest.line.EventLineReader;
import io.dmascope.producer.ingest.line.GraphLines;
import io.dmascope.producer.ingest.line.LineContext;
import io.dmascope.producer.ingest.line.LineGrammar;
import io.dmascope.producer.ingest.line.WrappedLines;
import io.dmascope.producer.ingest.text.LineBlocks;
import io.dmascope.producer.ingest.text.Lines;
import io.dmascope.producer.ingest.text.Words;
import io.dmascope.producer.ingest.tracedat.TraceDatReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens captures of any format, compressed or not, from a file or from standard input. */
public final class Captures {
  /**
   * The kernel that a text names in its header, before the first event.
   *
   * <pre>
   * # nop latency trace v1.1.5 on 6.12.107+deb13-amd64
   * # os release : 6.12.107+deb13-amd64
   * </pre>
   */
  private static final Pattern KERNEL_RELEASE =
      Pattern.compile("(?m)^# (?:\\S+ latency trace v\\S+ on|os release :) (\\S+)\\s*$");

  /** What {@code dmascope-capture stream} says before the first event. */
  private static final Pattern TRACE_CLOCK = Pattern.compile("(?m)^# trace_clock : (\\S+)\\s*$");

  /** {@code # tracer: nop} */
  private static final Pattern TRACER = Pattern.compile("(?m)^# tracer: (\\S+)\\s*$");

  private Captures() {}

  /**
   * Opens a capture and recognises its format.
   *
   * @param name a path, or {@code -} for standard input
   * @throws UnusableInputException where there is no trace; the message is one sentence for the
   *     user
   * @throws IOException where the source fails
   */
  public static Capture open(String name, InputStream standardInput, ReadOptions options)
      throws IOException {
    return opened(CaptureSource.open(name, standardInput), options);
  }

  /**
   * Recognises the format of a stream that somebody opened, under the name that the user knows;
   * otherwise as {@link #open}.
   */
  public static Capture ofStream(String name, InputStream stream, ReadOptions options)
      throws IOException {
    return opened(CaptureSource.of(name, stream), options);
  }

  private static Capture opened(CaptureSource source, ReadOptions options) throws IOException {
    try {
      return recognised(source, options);
    } catch (IOException e) {
      source.close();
      throw e;
    }
  }

  private static Capture recognised(CaptureSource source, ReadOptions options) throws IOException {
    CaptureHead head = CaptureHead.read(source);
    TraceFormat format = head.format().orElse(null);
    if (format == null) {
      throw new UnusableInputException(
          CaptureSource.describe(source.name())
              + " "
              + ForeignFormat.of(head.bytes())
                  .map(ForeignFormat::refusal)
                  .orElse("is no trace that dmascope knows: tried " + TraceFormat.tried()));
    }
    TraceReader reader =
        format
            .grammar()
            .<TraceReader>map(lines -> sink -> readText(source, head, lines, options, sink))
            .orElse(sink -> readTraceDat(source, head, options, sink));
    return new Capture(source.name(), format, told(TRACER, head.bytes()), reader, source);
  }

  private static void readTraceDat(
      CaptureSource source, CaptureHead head, ReadOptions options, EventSink sink)
      throws IOException {
    if (source.plainFile().isPresent()) {
      new TraceDatReader(source.plainFile().get(), source.name(), options).read(sink);
      return;
    }
    InputStream whole =
        new SequenceInputStream(new ByteArrayInputStream(head.bytes()), head.rest());
    try (SpooledFile spooled = SpooledFile.of(whole)) {
      new TraceDatReader(spooled.path(), source.name(), options).read(sink);
    }
  }

  private static void readText(
      CaptureSource source,
      CaptureHead head,
      LineGrammar lines,
      ReadOptions options,
      EventSink sink)
      throws IOException {
    CaptureFacts facts =
        new CaptureFacts(
            options.captureIdOf(source.name()),
            source.name(),
            head.format().map(TraceFormat::label).orElseThrow(),
            told(KERNEL_RELEASE, head.bytes()),
            clock(head.bytes(), lines),
            options.completeStart());
    CaptureEmitter emitter = new CaptureEmitter(sink, facts);
    new EventLineReader(blocks(head, lines), lines, emitter).read();
  }

  /** The lines as they are, or put into the form that the readers know. */
  private static LineBlocks blocks(CaptureHead head, LineGrammar lines) {
    byte[] bytes = head.bytes();
    if (GraphLines.showIn(bytes)) {
      return new LineBlocks(new byte[0], GraphLines.plain(bytes, head.rest()));
    }
    return WrappedLines.joined(bytes, head.rest(), lines)
        .map(joined -> new LineBlocks(new byte[0], joined))
        .orElseGet(() -> new LineBlocks(bytes, head.rest()));
  }

  private static String told(Pattern pattern, byte[] head) {
    Matcher matcher = pattern.matcher(new String(head, StandardCharsets.ISO_8859_1));
    return matcher.find() ? matcher.group(1) : "";
  }

  /** The clock that the text names, or what the first stamp tells of it. */
  private static String clock(byte[] head, LineGrammar grammar) {
    String told = told(TRACE_CLOCK, head);
    return told.isEmpty() && !firstStampIsTime(head, grammar) ? CaptureFacts.UNTIMED : told;
  }

  private static boolean firstStampIsTime(byte[] head, LineGrammar grammar) {
    byte[] lines = Words.lineOf(head);
    LineContext context = new LineContext();
    for (int line = 0; line < head.length; line = Lines.endOfLine(lines, line) + 1) {
      context.clear();
      if (grammar.readContext(lines, line, context) != LineGrammar.NO_CONTEXT) {
        return context.timed();
      }
    }
    return true;
  }
}
