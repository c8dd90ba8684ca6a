package io.dmascope.producer.ingest.line;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.ProbeShape;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.CaptureEmitter;
import io.dmascope.producer.ingest.layout.EventDecoder;
import io.dmascope.producer.ingest.layout.EventLayout;
import io.dmascope.producer.ingest.layout.ProbeDecoder;
import io.dmascope.producer.ingest.text.Ascii;
import io.dmascope.producer.ingest.text.LineBlocks;
import io.dmascope.producer.ingest.text.Lines;
import io.dmascope.producer.ingest.text.TextCache;
import io.dmascope.producer.ingest.text.TruncatedSourceException;
import io.dmascope.producer.ingest.text.ValueReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads a text capture line by line, whatever the format, and accounts for every line exactly once.
 *
 * <pre>
 *             dd-314     [003] .....   121.595488: dma_map_sg: 0000:00:04.0 dir=FROM_DEVICE ...
 * |-------------- context (grammar) --------------| name      | text (EventDecoder)
 * </pre>
 *
 * <p>A line without a context is a {@link Note}, an event of a trace recorded without context, or
 * not recognised.
 */
/* hot path */
public final class EventLineReader {
  private static final Ascii MARKER = Ascii.of("tracing_mark_write");
  private static final Ascii PRINT = Ascii.of("print");
  private static final Ascii LINE_TOO_BIG = Ascii.of("[LINE TOO BIG]");

  private static final Ascii PERF_LOST = Ascii.of("PERF_RECORD_LOST lost ");

  /** What only lines of events that concern us contain. */
  private static final Ascii[] OURS = {
    Ascii.of("dma_"),
    Ascii.of("iova="),
    Ascii.of("IOMMU:"),
    Ascii.of("swiotlb"),
    Ascii.of("type: "),
    Ascii.of(ProbeShape.PREFIX)
  };

  private final LineBlocks blocks;
  private final LineGrammar grammar;
  private final CaptureEmitter out;
  private final TextCache texts = new TextCache();
  private final EventDecoder decoder = new EventDecoder(texts);
  private final ProbeDecoder probes = new ProbeDecoder(texts);
  private final LineContext context = new LineContext();

  private long lines;
  private long events;
  private long decoded;
  private long skipped;

  /** True from the first event on that a line without context told. */
  private boolean withoutContext;

  /** True while the line at hand is the input's last one and lacks its end. */
  private boolean lineCut;

  /** Reads {@code blocks} into {@code out}. */
  public EventLineReader(LineBlocks blocks, LineGrammar grammar, CaptureEmitter out) {
    this.blocks = blocks;
    this.grammar = grammar;
    this.out = out;
  }

  /**
   * Reads to the end of the input and emits the end of the capture.
   *
   * @throws IOException where the source fails otherwise than by ending early
   */
  public void read() throws IOException {
    String cut = "";
    try {
      while (blocks.next()) {
        readBlock();
      }
    } catch (TruncatedSourceException e) {
      // What was read is kept: a cut recording is worth as much as a shorter one.
      cut = e.getMessage();
      if (blocks.takeRest()) {
        readBlock();
      }
    }
    if (!cut.isEmpty()) {
      lines++;
      out.issue(TraceIssue.Kind.TRUNCATED_INPUT, lines, cut, new byte[0], 0, 0);
      out.lost(EventHeader.UNKNOWN, EventsLost.COUNT_UNKNOWN, EventsLost.Cause.UNREADABLE, lines);
    }
    out.end(new InputCounts(lines, events, decoded, skipped, out.issues(), out.lost()), lines);
  }

  private void readBlock() {
    byte[] b = blocks.bytes();
    int p = blocks.from();
    int to = blocks.to();
    boolean special = blocks.overlong() || blocks.endsCut();
    while (p < to) {
      lines++;
      lineCut = special && Lines.endOfLine(b, p) == to - 1;
      p = readLine(b, p);
    }
  }

  /** Reads the line at {@code from} and returns where the next one begins. */
  private int readLine(byte[] b, int from) {
    context.clear();
    int name = grammar.readContext(b, from, context);
    if (name == LineGrammar.NO_CONTEXT) {
      return readOther(b, from);
    }
    events++;
    return readEvent(b, from, name);
  }

  /** Reads {@code name: text} or, as perf prints it, {@code system:name: text}. */
  private int readEvent(byte[] b, int from, int name) {
    int nameEnd = Lines.endOfName(b, name);
    if (nameEnd == name || b[nameEnd] != ':') {
      return readNameless(b, from, name);
    }
    int systemEnd = name;
    int eventName = name;
    if (Lines.isNamePart(b[nameEnd + 1])) {
      systemEnd = nameEnd;
      eventName = nameEnd + 1;
      nameEnd = Lines.endOfName(b, eventName);
      if (b[nameEnd] != ':') {
        return skip(b, from);
      }
    }
    EventLayout layout = EventLayout.named(b, eventName, nameEnd);
    int text = Lines.afterBlanks(b, nameEnd + 1);
    if (layout == null) {
      return readForeign(b, from, eventName, nameEnd, text);
    }
    if (systemEnd > name ? !layout.inSystem(b, name, systemEnd) : !layout.owns(b, text)) {
      return skip(b, from);
    }
    int end = lineCut ? ValueReader.NO_VALUE : decoder.read(layout, b, text);
    if (end < 0) {
      return unreadable(b, from, lineCut ? "" : decoder.problem());
    }
    decoded++;
    out.emit(decoder.event(header()));
    return end + 1;
  }

  /** Of events that are no tracepoints of ours we read those of probes and the marker. */
  private int readForeign(byte[] b, int from, int name, int nameEnd, int text) {
    Optional<ProbeShape> probe = ProbeDecoder.named(b, name, nameEnd);
    if (probe.isPresent()) {
      return readProbe(probe.get(), b, from, text);
    }
    int symbol = name;
    int symbolEnd = nameEnd;
    int markerText = text;
    if (PRINT.equalTo(b, name, nameEnd)) {
      // trace-cmd: "print:                tracing_mark_write: start std"
      symbol = text;
      symbolEnd = Lines.endOfName(b, symbol);
      markerText = Lines.afterBlanks(b, symbolEnd + (b[symbolEnd] == ':' ? 1 : 0));
    }
    if (!MARKER.equalTo(b, symbol, symbolEnd) || lineCut) {
      return skip(b, from);
    }
    int end = Lines.endOfLine(b, markerText);
    int textEnd = end > markerText && b[end - 1] == '\r' ? end - 1 : end;
    decoded++;
    String written = new String(b, markerText, textEnd - markerText, StandardCharsets.UTF_8);
    out.emit(new Marker(header(), written));
    return end + 1;
  }

  private int readProbe(ProbeShape shape, byte[] b, int from, int text) {
    int end = lineCut ? ValueReader.NO_VALUE : probes.read(shape, b, text);
    if (end < 0) {
      return unreadable(b, from, lineCut ? "" : probes.problem());
    }
    decoded++;
    out.emit(probes.event(header()));
    return end + 1;
  }

  /** A stack trace, a traced function; or a line that the kernel found too long to print. */
  private int readNameless(byte[] b, int from, int name) {
    if (PERF_LOST.isAt(b, name)) {
      return perfLost(b, name);
    }
    return LINE_TOO_BIG.isAt(b, name) ? unreadable(b, from, "") : skip(b, from);
  }

  /** {@code dd 389 [001] 133.872125: PERF_RECORD_LOST lost 12}. */
  private int perfLost(byte[] b, int name) {
    ValueReader values = new ValueReader();
    boolean counted = values.count(b, name + PERF_LOST.length()) >= 0;
    decoded++;
    events--;
    out.lost(
        context.cpu(),
        counted ? values.number() : EventsLost.COUNT_UNKNOWN,
        EventsLost.Cause.OVERRUN,
        lines);
    return Lines.endOfLine(b, name) + 1;
  }

  private int readOther(byte[] b, int from) {
    context.clear();
    int end = Lines.endOfLine(b, from);
    switch (Note.at(b, from, end)) {
      case SILENT -> {
        skipped++;
      }
      case EVENTS_LOST -> {
        decoded++;
        Note.Loss loss = Note.loss(b, from, end);
        out.lost(loss.cpu(), loss.count(), EventsLost.Cause.OVERRUN, lines);
      }
      case NONE -> {
        return readWithoutContext(b, from, end);
      }
    }
    return end + 1;
  }

  /** The trace option {@code nocontext-info} leaves nothing but {@code name: text}. */
  private int readWithoutContext(byte[] b, int from, int end) {
    int nameEnd = Lines.endOfName(b, from);
    boolean named = nameEnd > from && b[nameEnd] == ':' && b[nameEnd + 1] == ' ';
    if (named && (withoutContext || EventLayout.named(b, from, nameEnd) != null)) {
      withoutContext = true;
      events++;
      return readEvent(b, from, from);
    }
    boolean tooBig = LINE_TOO_BIG.endsIn(b, from, end);
    TraceIssue.Kind kind =
        tooBig ? TraceIssue.Kind.LINE_TOO_BIG : kindOfUnreadable(TraceIssue.Kind.UNRECOGNISED_LINE);
    out.issue(kind, lines, messageOf(kind, "no event, header or note of a trace"), b, from, end);
    if (tooBig || lineCut || mayBeOurs(b, from, end)) {
      out.lost(EventHeader.UNKNOWN, 1, EventsLost.Cause.UNREADABLE, lines);
    }
    return end + 1;
  }

  /** Passes over the rest of the line, from a place in it on. */
  private int skip(byte[] b, int from) {
    skipped++;
    return Lines.endOfLine(b, from) + 1;
  }

  /** An event of ours that cannot be read: the model has to know that a fact is missing. */
  private int unreadable(byte[] b, int from, String problem) {
    int end = Lines.endOfLine(b, from);
    TraceIssue.Kind kind =
        LINE_TOO_BIG.endsIn(b, from, end)
            ? TraceIssue.Kind.LINE_TOO_BIG
            : kindOfUnreadable(TraceIssue.Kind.MALFORMED_EVENT);
    out.issue(kind, lines, messageOf(kind, problem), b, from, end);
    EventHeader header = header();
    out.emit(new EventsLost(header, 1, EventsLost.Cause.UNREADABLE));
    return end + 1;
  }

  private TraceIssue.Kind kindOfUnreadable(TraceIssue.Kind ofWholeLine) {
    if (!lineCut) {
      return ofWholeLine;
    }
    return blocks.overlong() ? TraceIssue.Kind.LINE_TOO_LONG : TraceIssue.Kind.TRUNCATED_INPUT;
  }

  private static String messageOf(TraceIssue.Kind kind, String problem) {
    return switch (kind) {
      case LINE_TOO_BIG -> "the kernel could not print the event: its line buffer was too small";
      case LINE_TOO_LONG -> "the line is longer than " + LineBlocks.LINE_BYTES_MAX + " bytes";
      case TRUNCATED_INPUT -> "the input ends in the middle of the line";
      case MALFORMED_EVENT, UNRECOGNISED_LINE, DAMAGED_RECORD, COMPANION -> problem;
    };
  }

  private EventHeader header() {
    String comm = texts.text(blocks.bytes(), context.commFrom(), context.commTo());
    return out.header(context.timestampNs(), context.cpu(), context.pid(), comm, lines);
  }

  private static boolean mayBeOurs(byte[] b, int from, int end) {
    for (Ascii text : OURS) {
      if (text.indexIn(b, from, end) >= 0) {
        return true;
      }
    }
    return false;
  }
}
