package io.dmascope.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.EventChunk;
import io.dmascope.schemas.codec.EventChunkDecoder;
import io.dmascope.schemas.codec.UndecodableRecordException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Bytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures that are being replayed, each against a model of its own.
 *
 * <p>Events come in order of sequence. Those at or before the last applied one are repetitions of a
 * resumed publication and are passed over; a gap is told to the model as lost events and to the
 * quarantine. A record that is no chunk goes to quarantine as it came. Of a capture that ended one
 * row remains, so that its repetition is recognised.
 *
 * <p>Owned by one thread.
 */
final class CaptureSet {
  private static final Logger LOG = LoggerFactory.getLogger(CaptureSet.class);

  private final boolean publishMappings;
  private final Conclusions.Choice choice;
  private final ReplayHost host;
  private final StateLog log;
  private final ReplayCounters counters;
  private final Map<String, ReplayedCapture> captures = new HashMap<>();

  /** How each capture ended that did. */
  private final Map<String, CaptureOutcome> ended = new HashMap<>();

  /** Captures that changed since the last commit. */
  private final Set<ReplayedCapture> changed = new LinkedHashSet<>();

  /** Captures whose stored state has another form. */
  private final Set<String> outdated = new TreeSet<>();

  CaptureSet(
      boolean publishMappings,
      Conclusions.Choice choice,
      ReplayHost host,
      StateLog log,
      ReplayCounters counters) {
    this.publishMappings = publishMappings;
    this.choice = choice;
    this.host = host;
    this.log = log;
    this.counters = counters;
  }

  /** Begins with what the log holds. */
  void restore(Iterable<Map.Entry<Bytes, byte[]>> pages) {
    Map<String, List<Map.Entry<PageKey, byte[]>>> byCapture = new TreeMap<>();
    for (Map.Entry<Bytes, byte[]> page : pages) {
      PageKey key = PageKey.of(page.getKey());
      if (key.table() == PageKey.ENDED_TABLE) {
        ended.put(key.captureId(), CaptureOutcome.of(page.getValue()));
      } else {
        byCapture
            .computeIfAbsent(key.captureId(), _ -> new ArrayList<>())
            .add(Map.entry(key, page.getValue()));
      }
    }
    byCapture.forEach(this::restore);
  }

  private void restore(String captureId, List<Map.Entry<PageKey, byte[]>> pages) {
    ReplayedCapture capture = capture(captureId);
    if (version(pages) == DmaModel.STATE_VERSION) {
      pages.forEach(page -> capture.restore(page.getKey(), page.getValue()));
      capture.restored();
    } else {
      outdated.add(captureId);
      pages.forEach(page -> capture.obsolete(page.getKey()));
    }
  }

  /** 0 for what was stored before there were versions. */
  private static int version(List<Map.Entry<PageKey, byte[]>> pages) {
    return pages.stream()
        .filter(page -> page.getKey().table() == PageKey.TALLY_TABLE)
        .map(page -> CaptureTally.of(page.getValue()).version())
        .findFirst()
        .orElse(0);
  }

  /** Captures whose models have to be made from the events again, by {@link #rebuild}. */
  Set<String> outdated() {
    return Set.copyOf(outdated);
  }

  /**
   * Takes in a record that was replayed before its model's form changed: what it led to was written
   * then and is not written again.
   */
  void rebuild(byte[] value) {
    EventChunk chunk;
    try {
      EventChunk.Head head = EventChunkDecoder.head(value);
      if (!outdated.contains(head.captureId())) {
        return;
      }
      chunk = EventChunkDecoder.decode(value);
    } catch (UndecodableRecordException e) {
      return; // it was put into quarantine when it came
    }
    ReplayedCapture capture = capture(chunk.captureId());
    capture.muted(true);
    changed.add(capture);
    long next = capture.lastSequence() + 1;
    long missing = chunk.firstSequence() - next;
    if (missing > 0) {
      capture.apply(lossBefore(chunk.events().getFirst(), missing));
    }
    chunk.events().forEach(capture::apply); // repeated ones change nothing
  }

  /** Ends the rebuilding: from here on conclusions are new ones. */
  void rebuilt() {
    outdated.forEach(captureId -> capture(captureId).muted(false));
    outdated.clear();
  }

  private ReplayedCapture capture(String captureId) {
    return captures.computeIfAbsent(
        captureId,
        id -> {
          counters.capturesOpen.increment();
          return new ReplayedCapture(id, publishMappings, choice, host, counters);
        });
  }

  /** Takes a record in and applies all its events. */
  void replay(byte[] key, byte[] value) {
    begin(key, value).ifPresent(Chunk::applyAll);
  }

  /** Takes a record in; its events that are new are for the caller to apply. */
  Optional<Chunk> begin(byte[] key, byte[] value) {
    counters.records.increment();
    counters.bytes.add(value == null ? 0 : value.length);
    try {
      EventChunk.Head head = EventChunkDecoder.head(value);
      if (!Arrays.equals(key, Topics.captureKey(head.captureId()))) {
        throw new UndecodableRecordException(
            "the record's key is not the capture that its chunk names [key=%s] [capture=%s]"
                .formatted(key == null ? "" : new String(key, UTF_8), head.captureId()));
      }
      if (head.lastSequence() <= lastSequence(head.captureId())) {
        counters.repeatedEvents.add(head.eventCount());
        return Optional.empty();
      }
      refuseAfterTheEnd(head.captureId(), head.firstSequence());
      return Optional.of(new Chunk(key, value, EventChunkDecoder.decode(value)));
    } catch (UndecodableRecordException e) {
      host.quarantine(key, value, e.getMessage());
      return Optional.empty();
    }
  }

  private long lastSequence(String captureId) {
    ReplayedCapture capture = captures.get(captureId);
    if (capture != null) {
      return capture.lastSequence();
    }
    CaptureOutcome outcome = ended.get(captureId);
    return outcome != null ? outcome.lastSequence() : -1;
  }

  /** What is left to apply of a chunk of events. */
  final class Chunk {
    private final byte[] key;
    private final byte[] value;
    private final String captureId;
    private final ReplayedCapture capture;
    private final List<TraceEvent> events;
    private int next;

    /** Events that were applied and not counted yet. */
    private int applied;

    private Chunk(byte[] key, byte[] value, EventChunk chunk) {
      this.key = key;
      this.value = value;
      captureId = chunk.captureId();
      capture = capture(captureId);
      touch();
      long expected = capture.lastSequence() + 1;
      int repeated = (int) Math.max(0, expected - chunk.firstSequence());
      counters.repeatedEvents.add(repeated);
      events = chunk.events().subList(repeated, chunk.events().size());
      long missing = chunk.firstSequence() - expected;
      if (missing > 0) {
        reportMissing(captureId, expected, missing);
        guarded(
            () ->
                CaptureSet.this.apply(captureId, capture, lossBefore(events.getFirst(), missing)));
      }
    }

    String captureId() {
      return captureId;
    }

    /** The event that is applied next; empty where all are. */
    Optional<TraceEvent> next() {
      return next < events.size() ? Optional.of(events.get(next)) : Optional.empty();
    }

    void applyAll() {
      guarded(
          () -> {
            while (next < events.size()) {
              step();
            }
          });
      flush();
    }

    /** Applies the next event. */
    void apply() {
      guarded(this::step);
      if (next == events.size()) {
        flush();
      }
    }

    private void step() throws UndecodableRecordException {
      TraceEvent event = events.get(next++);
      refuseAfterTheEnd(captureId, event.header().sequence());
      CaptureSet.this.apply(captureId, capture, event);
      applied++;
      if (event instanceof CaptureEnd end) {
        end(captureId, capture, end);
      }
    }

    /** Sends on what was held back: before a commit that comes in between, and at the end. */
    void flush() {
      capture.flush();
      counters.events.add(applied);
      applied = 0;
    }

    /** The capture changes again: to be called after a commit that came in between. */
    void touch() {
      changed.add(capture);
      host.changing();
    }

    /** Where an event cannot be applied, neither can those behind it. */
    private void guarded(Application application) {
      try {
        application.run();
      } catch (UndecodableRecordException e) {
        next = events.size();
        applied = 0;
        host.quarantine(key, value, e.getMessage());
      }
    }
  }

  private interface Application {
    void run() throws UndecodableRecordException;
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
        host.position(),
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
    capture.forget(log);
    captures.remove(captureId);
    changed.remove(capture);
    counters.capturesOpen.decrement();
    ended.put(captureId, outcome);
    log.put(new PageKey(captureId, PageKey.ENDED_TABLE, 0).toBytes(), outcome.toBytes());
    counters.changelogRecords.increment();
  }

  /** Writes the net change since the last call to the log; to be called just before a commit. */
  void saveChanges() {
    for (ReplayedCapture capture : changed) {
      capture.saveChanges(log);
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

  private void reportMissing(String captureId, long firstMissing, long missing) {
    counters.missingEvents.add(missing);
    host.quarantine(
        Topics.captureKey(captureId),
        null,
        "events never came [capture=%s] [firstSequence=%d] [count=%d]"
            .formatted(captureId, firstMissing, missing));
  }

  /** Nothing is left: the log may be read again. */
  void close() {
    counters.capturesOpen.add(-captures.size());
    captures.clear();
    ended.clear();
    changed.clear();
    outdated.clear();
  }
}
