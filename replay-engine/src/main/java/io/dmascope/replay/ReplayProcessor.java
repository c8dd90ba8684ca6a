package io.dmascope.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dmascope.schemas.QuarantineHeaders;
import io.dmascope.schemas.RunName;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays the captures of one partition: connects a {@link CaptureSet} to Kafka Streams.
 *
 * <p>Models whose stored form is another version's are made from the archive again before the first
 * record comes.
 */
final class ReplayProcessor implements Processor<byte[], byte[], byte[], byte[]>, ReplayHost {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayProcessor.class);
  private static final Duration SOON = Duration.ofMillis(10);
  private static final byte[] RUN = RunName.LIVE.name().getBytes(UTF_8);

  private final boolean publishMappings;
  private final Archive archive;
  private final ReplayCounters counters;

  private ProcessorContext<byte[], byte[]> context;
  private KeyValueStore<Bytes, byte[]> doorbell;
  private CaptureSet captures;
  private long recordTimestamp;

  ReplayProcessor(boolean publishMappings, Archive archive, ReplayCounters counters) {
    this.publishMappings = publishMappings;
    this.archive = archive;
    this.counters = counters;
  }

  /** Begins with what the changelog holds; also called when a task is revived. */
  @Override
  public void init(ProcessorContext<byte[], byte[]> newContext) {
    close();
    context = newContext;
    KeyValueStore<Bytes, byte[]> changelog = context.getStateStore(PageStore.NAME);
    doorbell = context.getStateStore(CommitDoorbell.NAME);
    captures =
        new CaptureSet(publishMappings, Conclusions.Choice.ALL, this, changelog::put, counters);
    captures.restore(HollowStore.behind(changelog, PageStore.class).take());
    HollowStore.behind(doorbell, CommitDoorbell.class).onRing(captures::saveChanges);
    if (!captures.outdated().isEmpty()) {
      rebuild();
    }
  }

  private void rebuild() {
    int partition = context.taskId().partition();
    LOG.info(
        "Replaying {} again, silently: their state is of another version [partition={}]",
        captures.outdated(),
        partition);
    archive.readCommitted(partition, captures::rebuild);
    captures.rebuilt();
    LOG.info("Replayed again what was there [partition={}]", partition);
    // Stored as soon as Kafka Streams lets us, so that the next start finds it.
    AtomicReference<Cancellable> once = new AtomicReference<>();
    once.set(
        context.schedule(
            SOON,
            PunctuationType.WALL_CLOCK_TIME,
            _ -> {
              changing();
              once.get().cancel();
            }));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    recordTimestamp = record.timestamp();
    captures.replay(record.key(), record.value());
  }

  @Override
  public void changing() {
    CommitDoorbell.press(doorbell);
  }

  @Override
  public void quarantine(byte[] key, byte[] value, String reason) {
    counters.quarantined.increment();
    long count = counters.quarantined.sum();
    if (Long.bitCount(count) == 1) { // The 1st, 2nd, 4th, 8th ... so that a flood stays readable.
      LOG.warn("Quarantined: {} [at={}] [soFar={}]", reason, position(), count);
    }
    Record<byte[], byte[]> quarantined = new Record<>(key, value, recordTimestamp);
    Headers headers = quarantined.headers();
    headers.add(RunName.HEADER, RUN);
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

  @Override
  public String position() {
    return context
        .recordMetadata()
        .map((RecordMetadata at) -> at.topic() + "-" + at.partition() + "@" + at.offset())
        .orElse("unknown");
  }

  @Override
  public void send(String sink, byte[] key, byte[] value) {
    Record<byte[], byte[]> said = new Record<>(key, value, recordTimestamp);
    said.headers().add(RunName.HEADER, RUN);
    context.forward(said, sink);
  }

  @Override
  public void close() {
    if (captures != null) {
      captures.close();
    }
  }
}
