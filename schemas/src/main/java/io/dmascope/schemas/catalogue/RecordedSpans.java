package io.dmascope.schemas.catalogue;

import io.dmascope.model.event.CaptureStart;
import io.dmascope.schemas.TopicScan;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.EventChunk;
import io.dmascope.schemas.codec.EventChunkDecoder;
import io.dmascope.schemas.codec.UndecodableRecordException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the events topic holds of each capture; to know it, all of the topic is read. */
public final class RecordedSpans {
  /** Nothing was read. */
  public static final RecordedSpans NONE = new RecordedSpans();

  private final Map<String, Span> spans = new HashMap<>();

  /** One capture on the way. */
  private static final class Span {
    private long sizeBytes;
    private long firstSequence = Long.MAX_VALUE;
    private long lastSequence = -1;
    private byte[] first;
    private byte[] last;
  }

  private RecordedSpans() {}

  /** Reads the events topic. */
  public static RecordedSpans read(TopicScan scan, Topics topics) {
    RecordedSpans spans = new RecordedSpans();
    scan.read(topics.events(), record -> spans.take(record.value()));
    return spans;
  }

  private void take(byte[] value) {
    try {
      EventChunk.Head head = EventChunkDecoder.head(value);
      Span span = spans.computeIfAbsent(head.captureId(), _ -> new Span());
      span.sizeBytes += value.length;
      if (head.firstSequence() < span.firstSequence) {
        span.firstSequence = head.firstSequence();
        span.first = value;
      }
      if (head.lastSequence() > span.lastSequence) {
        span.lastSequence = head.lastSequence();
        span.last = value;
      }
    } catch (UndecodableRecordException e) {
      // the engine puts it into quarantine and says so
    }
  }

  /** Nothing where the topic holds no readable event of the capture. */
  public Optional<RecordedSpan> of(String captureId) {
    Span span = spans.get(captureId);
    if (span == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new RecordedSpan(
              span.lastSequence + 1,
              span.sizeBytes,
              firstTimestampNs(EventChunkDecoder.decode(span.first)),
              EventChunkDecoder.decode(span.last).events().getLast().header().timestampNs()));
    } catch (UndecodableRecordException e) {
      return Optional.empty();
    }
  }

  /** Nobody recorded the start: it has no time. */
  private static long firstTimestampNs(EventChunk chunk) {
    return chunk.events().stream()
        .filter(event -> !(event instanceof CaptureStart))
        .findFirst()
        .orElse(chunk.events().getFirst())
        .header()
        .timestampNs();
  }
}
