package io.dmascope.producer.ingest;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;

/**
 * Receives a capture in order: {@code CaptureStart}, the events, {@code CaptureEnd}; issues where
 * they are met.
 */
public interface EventSink {
  void event(TraceEvent event);

  void issue(TraceIssue issue);
}
