package io.dmascope.cli;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;

/** Passes a capture on and tells how far it is. */
final class CountingSink implements EventSink {
  private static final int PROGRESS_EVERY = 1 << 12;

  private final EventSink sink;
  private final Progress progress;
  private long events;

  CountingSink(EventSink sink, Progress progress) {
    this.sink = sink;
    this.progress = progress;
  }

  @Override
  public void event(TraceEvent event) {
    sink.event(event);
    if (++events % PROGRESS_EVERY == 0) {
      progress.at(events);
    }
  }

  @Override
  public void issue(TraceIssue issue) {
    sink.issue(issue);
  }
}
