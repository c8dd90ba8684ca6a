package io.dmascope.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.schemas.QuarantineHeaders;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.EventChunk;
import io.dmascope.schemas.codec.EventChunkDecoder;
import io.dmascope.schemas.codec.UndecodableRecordException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
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

  /** How each capture ended that did. */
  private final Map<String, CaptureOutcome> ended = new HashMap<>();

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
      ended.put(key.captureId(), CaptureOutcome.of(image));
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
    refuseAfterTheEnd(head.captureId(), head.firstSequence());
    replay(EventChunkDecoder.decode(record.value()));
  }

  private long lastSequence(String captureId) {
    ReplayedCapture capture = captures.get(captureId);
    if (capture != null) {
      return capture.lastSequence();
    }
    CaptureOutcome outcome = ended.get(captureId);
    return outcome != null ? outcome.lastSequence() : -1;
  }

  private void replay(EventChunk chunk) throws UndecodableRecordException {
    ReplayedCapture capture = capture(chunk.captureId());
    changed.add(capture);
    CommitDoorbell.press(doorbell);

    long next = capture.lastSequence() + 1;
    int repeated = (int) Math.max(0, next - chunk.firstSequence());
    counters.repeatedEvents.add(repeated);
    List<TraceEvent> events = chunk.events().subList(repeated, chunk.events().size());
    long missing = chunk.firstSequence() - next;
    if (missing > 0) {
      reportMissing(chunk, next, missing);
      apply(chunk.captureId(), capture, lossBefore(events.getFirst(), missing));
    }
    for (TraceEvent event : events) {
      refuseAfterTheEnd(chunk.captureId(), event.header().sequence());
      apply(chunk.captureId(), capture, event);
      if (event instanceof CaptureEnd end) {
        end(chunk.captureId(), capture, end);
      }
    }
    capture.flush();
    counters.events.add(events.size());
  }

  /** Stands for events that never came, as if the recording had lost them. */
  private static EventsLost lossBefore(TraceEvent next, long missing) {
    EventHeader at = next.header();
    return new EventsLost(
        new EventHeader(
            at.sequence() - 1,
            at.timestampNs(),
            EventHeader.UNKNOWN,
            EventHeader.UNKNOWN,
            "",
            at.place()),
        missing,
        EventsLost.Cause.OVERRUN);
  }

  private void apply(String captureId, ReplayedCapture capture, TraceEvent event)
      throws UndecodableRecordException {
    try {
      capture.apply(event);
    } catch (KafkaException e) {
      throw e; // Not the model, but the topics that it reports to.
    } catch (RuntimeException e) {
      giveUp(captureId, capture, event, e);
    }
  }

  /**
   * The model failed: our bug. The capture stops here, loudly, and those of the other rigs go on;
   * the event would fail again after every restart.
   */
  private void giveUp(
      String captureId, ReplayedCapture capture, TraceEvent event, RuntimeException bug)
      throws UndecodableRecordException {
    LOG.error(
        "Giving up capture {}: the model failed [event={}] [at={}]",
        captureId,
        event,
        position(),
        bug);
    counters.capturesGivenUp.increment();
    capture.flush();
    forget(captureId, capture, new CaptureOutcome(event.header().sequence(), true));
    throw new UndecodableRecordException("the model failed [event=%s]".formatted(event), bug);
  }

  private void end(String captureId, ReplayedCapture capture, CaptureEnd end) {
    capture.flush();
    capture.end(end);
    counters.capturesEnded.increment();
    forget(captureId, capture, new CaptureOutcome(end.header().sequence(), false));
    LOG.info("Capture {} ended [lastSequence={}]", captureId, end.header().sequence());
  }

  /** Drops the model; what remains is one row that recognises repetitions. */
  private void forget(String captureId, ReplayedCapture capture, CaptureOutcome outcome) {
    capture.forget(changelog);
    captures.remove(captureId);
    changed.remove(capture);
    counters.capturesOpen.decrement();
    ended.put(captureId, outcome);
    changelog.put(new PageKey(captureId, PageKey.ENDED_TABLE, 0).toBytes(), outcome.toBytes());
    counters.changelogRecords.increment();
  }

  private void saveChanges() {
    for (ReplayedCapture capture : changed) {
      capture.saveChanges(changelog);
    }
    changed.clear();
  }

  private void refuseAfterTheEnd(String captureId, long sequence)
      throws UndecodableRecordException {
    CaptureOutcome outcome = ended.get(captureId);
    if (outcome != null) {
      throw new UndecodableRecordException(
          "%s [capture=%s] [sequence=%d] [lastSequence=%d]"
              .formatted(
                  outcome.givenUp()
                      ? "events follow where their capture was given up"
                      : "events follow the end of their capture",
                  captureId,
                  sequence,
                  outcome.lastSequence()));
    }
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
