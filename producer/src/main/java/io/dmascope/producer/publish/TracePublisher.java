package io.dmascope.producer.publish;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.schemas.ClusterTopics;
import io.dmascope.schemas.KafkaUnavailableException;
import io.dmascope.schemas.OutageNotice;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.catalogue.CaptureCatalogue;
import io.dmascope.schemas.codec.CaptureRecord;
import io.dmascope.schemas.codec.CaptureRecordCodec;
import io.dmascope.schemas.codec.EventChunk;
import io.dmascope.schemas.codec.EventChunkEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes captures, one after the other, as their readers bring them.
 *
 * <p>Consecutive events travel in one record; it is closed when it is full or when its first event
 * has waited for {@link PublisherConfig#linger}. Kafka's producer is idempotent, so its own retries
 * neither repeat nor reorder. A publication that was interrupted is resumed by publishing the
 * capture again: what the topic has already is compared where it can be, and not sent twice.
 *
 * <p>One thread brings the events; a second one closes records whose time has come. Where Kafka
 * takes nothing, its producer's buffer fills up and then holds the first one back, however long it
 * takes if the source is live; a third one says so meanwhile.
 */
public final class TracePublisher implements EventSink, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TracePublisher.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final PublisherConfig config;
  private final Producer<byte[], byte[]> producer;
  private final Function<String, Optional<EventChunk>> published;
  private final PublishProgress progress;
  private final LongSupplier nanoTime;
  private final ScheduledExecutorService lingering =
      Executors.newScheduledThreadPool(
          2, Thread.ofPlatform().name("dmascope-publish-", 1).daemon().factory());
  private final Deliveries deliveries;

  // All below is guarded by this: the reader's thread fills a chunk that the other one may close.
  private EventChunkEncoder chunk;
  private byte[] key;
  private Resumption resumption = Resumption.NONE;
  private long chunkStartedNs;
  private long events;
  private long skippedEvents;
  private long issues;
  private long records;
  private long bytes;
  private long place;

  TracePublisher(
      PublisherConfig config,
      Producer<byte[], byte[]> producer,
      Function<String, Optional<EventChunk>> published,
      PublishProgress progress,
      LongSupplier nanoTime) {
    this.config = config;
    this.producer = producer;
    this.published = published;
    this.progress = progress;
    this.nanoTime = nanoTime;
    this.deliveries = new Deliveries(new OutageNotice(nanoTime, LOG::warn));
  }

  /**
   * Connects to Kafka and creates the topics that are missing.
   *
   * @throws KafkaUnavailableException where Kafka does not answer in time
   */
  public static TracePublisher open(PublisherConfig config, PublishProgress progress) {
    Map<String, String> connection = connection(config);
    TracePublisher publisher =
        new TracePublisher(
            config,
            connect(config),
            captureId -> patiently(config, () -> lastChunk(config, connection, captureId)),
            progress,
            System::nanoTime);
    publisher.startLingering();
    return publisher;
  }

  /** A connection to Kafka, where the topics exist. */
  static KafkaProducer<byte[], byte[]> connect(PublisherConfig config) {
    Map<String, String> connection = connection(config);
    patiently(
        config,
        () -> {
          ClusterTopics.create(
              connection, config.topics().settings(config.partitions()), config.patience());
          return config.topics();
        });
    return new KafkaProducer<>(
        producerConfig(config, connection), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static Map<String, String> connection(PublisherConfig config) {
    Map<String, String> connection = new HashMap<>(config.kafka());
    connection.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    return connection;
  }

  /** A live source waits for Kafka however long it takes, and says so once an attempt. */
  private static <T> T patiently(PublisherConfig config, Supplier<T> attempt) {
    while (true) {
      try {
        return attempt.get();
      } catch (KafkaUnavailableException e) {
        if (!config.streaming() || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LOG.warn("Waiting for Kafka: {}", e.getMessage());
      }
    }
  }

  private static Map<String, Object> producerConfig(
      PublisherConfig config, Map<String, String> connection) {
    Map<String, Object> producer = new HashMap<>();
    producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    producer.put(ProducerConfig.ACKS_CONFIG, "all");
    producer.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, config.compression());
    producer.put(ProducerConfig.BATCH_SIZE_CONFIG, 512 << 10);
    producer.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    producer.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 32L << 20);
    producer.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.RECORD_BYTES_MAX);
    int patienceMs = Math.toIntExact(config.patience().toMillis());
    if (config.streaming()) {
      producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
      producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.MAX_VALUE);
    } else {
      // Kafka wants the whole delivery to outlast linger and one request.
      producer.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(10_000, patienceMs));
      producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, patienceMs + 1000);
      producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (long) patienceMs);
    }
    producer.putAll(connection);
    return producer;
  }

  private static Optional<EventChunk> lastChunk(
      PublisherConfig config, Map<String, String> connection, String captureId) {
    Map<String, Object> consumer = new HashMap<>(connection);
    consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // Nothing more will come, so an empty fetch need not wait.
    consumer.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
    consumer.put(
        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
        Math.toIntExact(config.patience().toMillis()));
    try (KafkaConsumer<byte[], byte[]> reader =
        new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      String topic = config.topics().events();
      int partitions = reader.partitionsFor(topic).size();
      return PublishedTail.lastChunk(
          reader,
          new TopicPartition(topic, Topics.partitionOf(captureId, partitions)),
          captureId,
          config.patience());
    } catch (RetriableException e) {
      throw new KafkaUnavailableException(
          "Kafka does not tell what it has of the capture [bootstrap=%s] [capture=%s] [cause=%s]"
              .formatted(config.bootstrapServers(), captureId, e.getMessage()),
          e);
    }
  }

  private void startLingering() {
    long period = Math.max(1, config.linger().toMillis() / 16);
    var _ =
        lingering.scheduleWithFixedDelay(
            this::closeRipeChunk, period, period, TimeUnit.MILLISECONDS);
    var _ =
        lingering.scheduleWithFixedDelay(
            deliveries::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Sends the chunk if its first event has waited long enough. */
  synchronized void closeRipeChunk() {
    // The rest is for this look to come, for Kafka's own linger and answer, and for a busy machine.
    long ripeNs = config.linger().toNanos() / 4;
    if (chunk != null
        && chunk.eventCount() > 0
        && nanoTime.getAsLong() - chunkStartedNs >= ripeNs) {
      try {
        sendChunk();
      } catch (PublishException e) {
        // It is kept in 'deliveries'; the reader's thread meets it with its next event.
        LOG.debug("Publishing failed while lingering", e);
      }
    }
  }

  @Override
  public synchronized void event(TraceEvent event) {
    throwFailure();
    if (event instanceof CaptureStart start) {
      begin(start.facts());
    }
    if (chunk == null) {
      throw new IllegalStateException("a capture starts with CaptureStart [event=" + event + "]");
    }
    place = event.header().place();
    if (resumption.covers(event)) {
      skippedEvents++;
      return;
    }
    if (!chunk.accepts(event)) {
      sendChunk();
    }
    if (chunk.eventCount() == 0) {
      chunkStartedNs = nanoTime.getAsLong();
    }
    chunk.add(event);
    if (chunk.eventCount() >= config.chunkEventsMax()
        || chunk.sizeBytes() >= config.chunkBytesMax()
        || event instanceof CaptureEnd) {
      sendChunk();
    }
  }

  private void begin(CaptureFacts facts) {
    if (chunk != null && chunk.eventCount() > 0) {
      sendChunk();
    }
    String captureId = facts.captureId();
    resumption = new Resumption(captureId, published.apply(captureId));
    chunk = new EventChunkEncoder(captureId);
    key = Topics.captureKey(captureId);
    ProducerRecord<byte[], byte[]> known =
        new ProducerRecord<>(
            config.topics().captures(),
            Topics.captureInfoKey(captureId),
            CaptureRecordCodec.encode(new CaptureRecord.Started(facts)));
    if (!config.rig().isEmpty()) {
      known
          .headers()
          .add(CaptureCatalogue.RIG_HEADER, config.rig().getBytes(StandardCharsets.UTF_8));
    }
    send(known);
    resumption
        .lastSequence()
        .ifPresent(
            last -> LOG.info("Resuming capture {} [lastPublishedSequence={}]", captureId, last));
  }

  @Override
  public synchronized void issue(TraceIssue issue) {
    issues++;
  }

  private void sendChunk() {
    events += chunk.eventCount();
    byte[] value = chunk.finish();
    records++;
    bytes += value.length;
    send(new ProducerRecord<>(config.topics().events(), key, value));
    progress.update(counts());
  }

  /** Blocks while the producer's buffer is full: that holds the source back. */
  private void send(ProducerRecord<byte[], byte[]> record) {
    deliveries.handOver();
    try {
      var _ = producer.send(record, deliveries);
    } catch (InterruptException e) {
      throw interrupted(e);
    } catch (KafkaException e) {
      deliveries.fail(e);
      throwFailure();
    }
  }

  private PublishException interrupted(InterruptException e) {
    return new PublishException(
        "publishing was interrupted before Kafka had stored everything; the same command with the"
            .concat(" same input goes on where it ended [recordsNotStored=%d]")
            .formatted(deliveries.waiting()),
        e);
  }

  private void throwFailure() {
    if (deliveries.failure().isPresent()) {
      Exception cause = deliveries.failure().get();
      throw new PublishException(
          "Kafka did not take a record [bootstrap=%s] [cause=%s]"
              .formatted(config.bootstrapServers(), cause.getMessage()),
          cause);
    }
  }

  /** How far it has come. */
  public synchronized PublishCounts counts() {
    return new PublishCounts(
        events, skippedEvents, issues, records, deliveries.stored(), bytes, place);
  }

  /**
   * Sends what is left and waits until Kafka has stored it; to interrupt the thread ends the wait.
   *
   * @throws PublishException where Kafka does not
   */
  public synchronized void flush() {
    if (chunk != null && chunk.eventCount() > 0) {
      sendChunk();
    }
    try {
      producer.flush();
    } catch (InterruptException e) {
      throw interrupted(e);
    }
    throwFailure();
    progress.update(counts());
  }

  /** Sends what is left, as {@link #flush}, and disconnects. */
  @Override
  public void close() {
    Duration patience = Duration.ZERO; // where something failed the rest is of no use
    try {
      flush();
      patience = config.patience();
    } finally {
      lingering.shutdownNow(); // not before: the wait may be long, and somebody has to say so
      producer.close(patience);
    }
  }
}
