package io.dmascope.producer.publish;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.CaptureRecord;
import io.dmascope.schemas.codec.CaptureRecordCodec;
import io.dmascope.schemas.codec.EventChunkEncoder;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Publishes many captures at once through one connection, at a rate: the load generator of
 * benchmarks and soak tests. Unlike {@link TracePublisher} it does not resume.
 */
public final class LoadPublisher implements AutoCloseable {
  private final PublisherConfig config;
  private final Producer<byte[], byte[]> producer;
  private final Pacer pacer;
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicReference<Exception> failure = new AtomicReference<>();

  LoadPublisher(PublisherConfig config, Producer<byte[], byte[]> producer, Pacer pacer) {
    this.config = config;
    this.producer = producer;
    this.pacer = pacer;
  }

  /**
   * Connects to Kafka and creates the topics that are missing.
   *
   * @throws io.dmascope.schemas.KafkaUnavailableException where Kafka does not answer in time
   */
  public static LoadPublisher open(PublisherConfig config, Pacer pacer) {
    return new LoadPublisher(config, TracePublisher.connect(config), pacer);
  }

  /** A sink for one capture; each belongs to one thread. */
  public EventSink capture() {
    return new Capture();
  }

  /** Events handed to Kafka so far. */
  public long events() {
    return events.get();
  }

  /** Bytes of their chunks, uncompressed. */
  public long bytes() {
    return bytes.get();
  }

  private final class Capture implements EventSink {
    private EventChunkEncoder chunk;
    private byte[] key;

    @Override
    public void event(TraceEvent event) {
      if (event instanceof CaptureStart start) {
        String captureId = start.facts().captureId();
        chunk = new EventChunkEncoder(captureId);
        key = Topics.captureKey(captureId);
        send(
            new ProducerRecord<>(
                config.topics().captures(),
                Topics.captureInfoKey(captureId),
                CaptureRecordCodec.encode(new CaptureRecord.Started(start.facts()))));
      }
      chunk.add(event);
      if (chunk.eventCount() >= config.chunkEventsMax()
          || chunk.sizeBytes() >= config.chunkBytesMax()
          || event instanceof CaptureEnd) {
        sendChunk();
      }
    }

    private void sendChunk() {
      int count = chunk.eventCount();
      try {
        pacer.take(count);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new PublishException("publishing was interrupted", e);
      }
      byte[] value = chunk.finish();
      send(new ProducerRecord<>(config.topics().events(), key, value));
      events.addAndGet(count);
      bytes.addAndGet(value.length);
    }

    @Override
    public void issue(TraceIssue issue) {
      throw new IllegalStateException("a made-up capture has no issues: " + issue.message());
    }
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    throwFailure();
    var _ =
        producer.send(
            record,
            (metadata, exception) -> {
              if (exception != null) {
                failure.compareAndSet(null, exception);
              }
            });
  }

  private void throwFailure() {
    Exception cause = failure.get();
    if (cause != null) {
      throw new PublishException(
          "Kafka did not take a record [bootstrap=%s] [cause=%s]"
              .formatted(config.bootstrapServers(), cause.getMessage()),
          cause);
    }
  }

  /** Waits until Kafka has stored everything, and disconnects. */
  @Override
  public void close() {
    try {
      producer.flush();
      throwFailure();
    } finally {
      producer.close(config.patience());
    }
  }
}
