package io.dmascope.producer.ingest.dmesg;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.TraceReader;
import java.util.ArrayList;
import java.util.List;

/** A capture made by hand, and a sink that keeps what it gets. */
final class RecordedEvents implements EventSink {
  final List<TraceEvent> events = new ArrayList<>();
  final List<TraceIssue> issues = new ArrayList<>();

  @Override
  public void event(TraceEvent event) {
    events.add(event);
  }

  @Override
  public void issue(TraceIssue issue) {
    issues.add(issue);
  }

  List<IoPageFault> faults() {
    return events.stream()
        .filter(IoPageFault.class::isInstance)
        .map(IoPageFault.class::cast)
        .toList();
  }

  List<String> kinds() {
    return events.stream().map(event -> event.getClass().getSimpleName()).toList();
  }

  List<Long> sequences() {
    return events.stream().map(event -> event.header().sequence()).toList();
  }

  /** Builds a capture whose clock is {@code local}. */
  static final class Capture {
    private final List<TraceEvent> events = new ArrayList<>();

    Capture() {
      this("local");
    }

    Capture(String clock) {
      events.add(
          new CaptureStart(
              header(0), new CaptureFacts("c", "trace.txt", "ftrace-text", "", clock, false)));
    }

    Capture map(long timestampMs) {
      events.add(
          new DmaMap(
              header(timestampMs),
              "0000:00:0c.0",
              MapApi.PAGE,
              DmaDirection.TO_DEVICE,
              0x1000,
              4096,
              0x2000,
              0));
      return this;
    }

    Capture marker(long timestampMs, String text) {
      events.add(new Marker(header(timestampMs), text));
      return this;
    }

    Capture group(long timestampMs, int group, String device) {
      events.add(new IommuGroupChange(header(timestampMs), group, device, true));
      return this;
    }

    Capture fault(long timestampMs, String device) {
      events.add(new IoPageFault(header(timestampMs), device, "nvme", 0x1000, 0, true, false, 0));
      return this;
    }

    TraceReader reader() {
      events.add(new CaptureEnd(header(0), InputCounts.NONE));
      return sink -> events.forEach(sink::event);
    }

    private EventHeader header(long timestampMs) {
      return new EventHeader(
          events.size(), timestampMs * 1_000_000, 0, 1, "task", events.size() + 10L);
    }
  }
}
