package io.dmascope.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.schemas.QuarantineHeaders;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.EventChunk;
import io.dmascope.schemas.codec.EventChunkDecoder;
import io.dmascope.schemas.codec.UndecodableRecordException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays the captures of one partition, each against a model of its own.
 *
 * <p>Events come in order of sequence. Those at or before the last applied one are repetitions of a
 * resumed publication and are passed over; a gap is told to the model as lost events and to the
 * quarantine. A record that is no chunk goes to quarantine as it came. Of a capture that ended one
 * row remains, so that its repetition is recognised.
 */
final class ReplayProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayProcessor.class);

  private final boolean publishMappings;
  private final ReplayCounters counters;
  private final Map<String, ReplayedCapture> captures = new HashMap<>();

  /** Last sequence of each capture that ended. */
  private final Map<String, Long> ended = new HashMap<>();

  /** Captures that changed since the last commit. */
  private final Set<ReplayedCapture> changed = new LinkedHashSet<>();

  private ProcessorContext<byte[], byte[]> context;
  private KeyValueStore<Bytes, byte[]> changelog;
  private KeyValueStore<Bytes, byte[]> doorbell;
  private long recordTimestamp;

  ReplayProcessor(boolean publishMappings, ReplayCounters counters) {
    this.publishMappings = publishMappings;
    this.counters = counters;
  }

  /** Begins with what the changelog holds; also called when a task is revived. */
  @Override
  public void init(ProcessorContext<byte[], byte[]> newContext) {
    context = newContext;
    changelog = context.getStateStore(PageStore.NAME);
    doorbell = context.getStateStore(CommitDoorbell.NAME);
    forgetAll();
    for (Map.Entry<Bytes, byte[]> page : HollowStore.behind(changelog, PageStore.class).take()) {
      restore(PageKey.of(page.getKey()), page.getValue());
    }
    captures.values().forEach(ReplayedCapture::restored);
    HollowStore.behind(doorbell, CommitDoorbell.class).onRing(this::saveChanges);
  }

  private void restore(PageKey key, byte[] image) {
    if (key.table() == PageKey.ENDED_TABLE) {
      ended.put(key.captureId(), ByteBuffer.wrap(image).getLong());
    } else {
      capture(key.captureId()).restore(key, image);
    }
  }

  private ReplayedCapture capture(String captureId) {
    return captures.computeIfAbsent(
        captureId,
        id -> {
          counters.capturesOpen.increment();
          return new ReplayedCapture(id, publishMappings, this::forward, counters);
        });
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    counters.records.increment();
    counters.bytes.add(record.value() == null ? 0 : record.value().length);
    recordTimestamp = record.timestamp();
    try {
      replay(record);
    } catch (UndecodableRecordException e) {
      quarantine(record.key(), record.value(), e.getMessage());
    }
  }

  private void replay(Record<byte[], byte[]> record) throws UndecodableRecordException {
    EventChunk.Head head = EventChunkDecoder.head(record.value());
    if (!Arrays.equals(record.key(), Topics.captureKey(head.captureId()))) {
      throw new UndecodableRecordException(
          "the record's key is not the capture that its chunk names [key=%s] [capture=%s]"
              .formatted(
                  record.key() == null ? "" : new String(record.key(), UTF_8), head.captureId()));
    }
    if (head.lastSequence() <= lastSequence(head.captureId())) {
      counters.repeatedEvents.add(head.eventCount());
      return;
    }
    if (ended.containsKey(head.captureId())) {
      throw afterTheEnd(head.captureId(), head.firstSequence());
    }
    replay(EventChunkDecoder.decode(record.value()));
  }

  private long lastSequence(String captureId) {
    ReplayedCapture capture = captures.get(captureId);
    return capture != null ? capture.lastSequence() : ended.getOrDefault(captureId, -1L);
  }

  private void replay(EventChunk chunk) throws UndecodableRecordException {
    ReplayedCapture capture = capture(chunk.captureId());
    changed.add(capture);
    CommitDoorbell.press(doorbell);

    long lastSequence = capture.lastSequence();
    long missing = chunk.firstSequence() - lastSequence - 1;
    if (missing > 0) {
      reportMissing(chunk, lastSequence + 1, missing);
      capture.applyLoss(chunk.events().getFirst(), missing);
    }
    for (TraceEvent event : chunk.events()) {
      if (ended.containsKey(chunk.captureId())) {
        throw afterTheEnd(chunk.captureId(), event.header().sequence());
      }
      apply(capture, event);
      if (event instanceof CaptureEnd end) {
        end(chunk.captureId(), capture, end);
      }
    }
    capture.flush();
    long repeated = Math.max(0, lastSequence + 1 - chunk.firstSequence());
    counters.repeatedEvents.add(repeated);
    counters.events.add(chunk.events().size() - repeated);
  }

  private void apply(ReplayedCapture capture, TraceEvent event) {
    try {
      capture.apply(event);
    } catch (RuntimeException e) {
      // Our bug: stop, and say which event shows it.
      throw new IllegalStateException(
          "the model failed [event=%s] [at=%s]".formatted(event, position()), e);
    }
  }

  private void end(String captureId, ReplayedCapture capture, CaptureEnd end) {
    capture.flush();
    capture.end(end);
    capture.forget(changelog);
    captures.remove(captureId);
    changed.remove(capture);
    long lastSequence = end.header().sequence();
    ended.put(captureId, lastSequence);
    changelog.put(
        new PageKey(captureId, PageKey.ENDED_TABLE, 0).toBytes(),
        ByteBuffer.allocate(Long.BYTES).putLong(lastSequence).array());
    counters.changelogRecords.increment();
    counters.capturesOpen.decrement();
    counters.capturesEnded.increment();
    LOG.info("Capture {} ended [lastSequence={}]", captureId, lastSequence);
  }

  private void saveChanges() {
    for (ReplayedCapture capture : changed) {
      capture.saveChanges(changelog);
    }
    changed.clear();
  }

  private static UndecodableRecordException afterTheEnd(String captureId, long sequence) {
    return new UndecodableRecordException(
        "events follow the end of their capture [capture=%s] [sequence=%d]"
            .formatted(captureId, sequence));
  }

  private void reportMissing(EventChunk chunk, long firstMissing, long missing) {
    counters.missingEvents.add(missing);
    quarantine(
        Topics.captureKey(chunk.captureId()),
        null,
        "events never came [capture=%s] [firstSequence=%d] [count=%d]"
            .formatted(chunk.captureId(), firstMissing, missing));
  }

  private void quarantine(byte[] key, byte[] value, String reason) {
    counters.quarantined.increment();
    long count = counters.quarantined.sum();
    if (Long.bitCount(count) == 1) { // The 1st, 2nd, 4th, 8th ... so that a flood stays readable.
      LOG.warn("Quarantined: {} [at={}] [soFar={}]", reason, position(), count);
    }
    Record<byte[], byte[]> quarantined = new Record<>(key, value, recordTimestamp);
    Headers headers = quarantined.headers();
    headers.add(QuarantineHeaders.REASON, reason.getBytes(UTF_8));
    context
        .recordMetadata()
        .ifPresent(
            at -> {
              headers.add(QuarantineHeaders.TOPIC, at.topic().getBytes(UTF_8));
              headers.add(QuarantineHeaders.PARTITION, text(at.partition()));
              headers.add(QuarantineHeaders.OFFSET, text(at.offset()));
            });
    context.forward(quarantined, Outlet.QUARANTINE);
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(UTF_8);
  }

  private String position() {
    return context
        .recordMetadata()
        .map((RecordMetadata at) -> at.topic() + "-" + at.partition() + "@" + at.offset())
        .orElse("unknown");
  }

  private void forward(String sink, byte[] key, byte[] value) {
    context.forward(new Record<>(key, value, recordTimestamp), sink);
  }

  @Override
  public void close() {
    forgetAll();
  }

  private void forgetAll() {
    counters.capturesOpen.add(-captures.size());
    captures.clear();
    ended.clear();
    changed.clear();
  }
}
