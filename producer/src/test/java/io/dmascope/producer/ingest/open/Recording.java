package io.dmascope.producer.ingest.open;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A sink that keeps everything, and the ways to fill it from text. */
final class Recording implements EventSink {
  final List<TraceEvent> all = new ArrayList<>();
  final List<TraceIssue> issues = new ArrayList<>();

  static Recording of(byte[] input) throws IOException {
    Recording recording = new Recording();
    try (Capture capture =
        Captures.open("-", new ByteArrayInputStream(input), ReadOptions.DEFAULT)) {
      capture.read(recording);
    }
    return recording;
  }

  static Recording ofText(String text) throws IOException {
    return of(text.getBytes(StandardCharsets.UTF_8));
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

  /** What stands between start and end. */
  List<TraceEvent> events() {
    return all.subList(1, all.size() - 1);
  }
}
