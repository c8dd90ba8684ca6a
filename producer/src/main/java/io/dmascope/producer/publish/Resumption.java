package io.dmascope.producer.publish;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.schemas.codec.EventChunk;
import java.util.Optional;
import java.util.OptionalLong;

/** What of a capture an earlier publication has brought already, and whether it is the same. */
final class Resumption {
  static final Resumption NONE = new Resumption("", Optional.empty());

  private final String captureId;
  private final Optional<EventChunk> lastChunk;
  private final long lastSequence;

  Resumption(String captureId, Optional<EventChunk> lastChunk) {
    this.captureId = captureId;
    this.lastChunk = lastChunk;
    this.lastSequence = lastChunk.map(EventChunk::lastSequence).orElse(-1L);
  }

  /** Sequence of the last published event; empty where nothing was found. */
  OptionalLong lastSequence() {
    return lastChunk.isPresent() ? OptionalLong.of(lastSequence) : OptionalLong.empty();
  }

  /**
   * True where the event was published before.
   *
   * @throws PublishException where another event was published in its stead: two recordings must
   *     not share a capture id
   */
  boolean covers(TraceEvent event) {
    long sequence = event.header().sequence();
    if (sequence > lastSequence) {
      return false;
    }
    EventChunk chunk = lastChunk.orElseThrow();
    boolean same =
        sequence < chunk.firstSequence()
            ? !(event instanceof CaptureEnd)
            : event.equals(chunk.events().get((int) (sequence - chunk.firstSequence())));
    if (!same) {
      throw new PublishException(
          "another recording was published under this capture id; choose another id"
              .concat(" [capture=%s] [sequence=%d]".formatted(captureId, sequence)));
    }
    return true;
  }
}
