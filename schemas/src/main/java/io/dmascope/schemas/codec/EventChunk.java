package io.dmascope.schemas.codec;

import io.dmascope.model.event.TraceEvent;
import java.util.Collections;
import java.util.List;

/**
 * Consecutive events of one capture, as one record of the events topic carries them.
 *
 * @param firstSequence sequence of the first event; the others follow without a gap
 * @param events never empty
 */
public record EventChunk(String captureId, long firstSequence, List<TraceEvent> events) {
  public EventChunk {
    events = Collections.unmodifiableList(events);
  }

  /** Sequence of the last event. */
  public long lastSequence() {
    return firstSequence + events.size() - 1;
  }

  /** What can be told of a chunk without decoding its events. */
  public record Head(String captureId, long firstSequence, int eventCount) {
    /** Sequence of the last event. */
    public long lastSequence() {
      return firstSequence + eventCount - 1;
    }
  }
}
