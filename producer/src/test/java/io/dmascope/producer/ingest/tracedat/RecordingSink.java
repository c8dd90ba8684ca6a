package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.TracefsPrinter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a reader gives. */
final class RecordingSink implements EventSink {
  final List<TraceEvent> all = new ArrayList<>();
  final List<TraceIssue> issues = new ArrayList<>();

  static RecordingSink read(Path file) throws IOException {
    RecordingSink sink = new RecordingSink();
    new TraceDatReader(file, file.getFileName().toString(), ReadOptions.DEFAULT).read(sink);
    return sink;
  }

  @Override
  public void event(TraceEvent event) {
    all.add(event);
  }

  @Override
  public void issue(TraceIssue issue) {
    issues.add(issue);
  }

  CaptureStart start() {
    return (CaptureStart) all.getFirst();
  }

  InputCounts counts() {
    return ((CaptureEnd) all.getLast()).input();
  }

  /** The events between start and end. */
  List<TraceEvent> events() {
    return all.subList(1, all.size() - 1);
  }

  List<EventsLost> losses() {
    return events().stream()
        .filter(EventsLost.class::isInstance)
        .map(EventsLost.class::cast)
        .toList();
  }

  /** The events as tracefs would print them, which leaves out what depends on the file's form. */
  List<String> lines() {
    TracefsPrinter printer = new TracefsPrinter();
    return events().stream().map(printer::line).toList();
  }
}
