package io.dmascope.analytics;

import io.dmascope.schemas.OutageNotice;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.CaptureRecord;
import io.dmascope.schemas.codec.CaptureRecordCodec;
import io.dmascope.schemas.codec.UndecodableRecordException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the replay engine wrote into the aggregates.
 *
 * <p>It keeps nothing of its own: each start reads the topics from their beginning, so any number
 * of instances show the same, none has to be backed up, and there is no group to rebalance. Until
 * it has read what was there at the start, the state is not {@linkplain AnalyticsState#caughtUp()
 * caught up}. Only committed records count.
 */
public final class AnalyticsService implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AnalyticsService.class);
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration ASK = Duration.ofSeconds(5);

  /** Nothing is read meanwhile, also not from brokers that do answer. */
  private static final Duration ANSWER = Duration.ofSeconds(2);

  private static final long LOOK_AROUND_NS = TimeUnit.SECONDS.toNanos(5);
  private static final long RETRY_MS_MIN = 500;
  private static final long RETRY_MS_MAX = 10_000;

  private final AnalyticsConfig config;
  private final AnalyticsState state;
  private final TopicReader reader;
  private final Consumer<byte[], byte[]> consumer;
  private final Optional<ReplayLag> replayLag;
  private final OutageNotice outage = new OutageNotice(System::nanoTime, LOG::warn);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private boolean running;
  private volatile Optional<KafkaException> failure = Optional.empty();
  private long lookedAroundNs;

  public AnalyticsService(AnalyticsConfig config, AnalyticsState state) {
    this(
        config,
        state,
        new KafkaConsumer<>(
            consumerSettings(config), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
        config
            .engineGroup()
            .map(
                group ->
                    new ReplayLag(
                        Admin.create(clientSettings(config)), group, config.topics().events())));
  }

  AnalyticsService(
      AnalyticsConfig config,
      AnalyticsState state,
      Consumer<byte[], byte[]> consumer,
      Optional<ReplayLag> replayLag) {
    this.config = config;
    this.state = state;
    this.reader = new TopicReader(config.topics(), state);
    this.consumer = consumer;
    this.replayLag = replayLag;
    state.caughtUp(false);
  }

  private static Map<String, Object> clientSettings(AnalyticsConfig config) {
    Map<String, Object> settings = new HashMap<>(config.client());
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    return settings;
  }

  private static Map<String, Object> consumerSettings(AnalyticsConfig config) {
    Map<String, Object> settings = clientSettings(config);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return settings;
  }

  /**
   * Reads until {@link #close}. Waits, and says so, while the broker or the topics are not there;
   * ends with a {@link #failure} where waiting cannot help, such as a refused password.
   */
  @Override
  public void run() {
    if (!begin()) {
      return;
    }
    try {
      if (awaitTopics()) {
        reader.passOver(captureHistory());
        follow();
      }
    } catch (WakeupException e) {
      // close() asked the poll in progress to end
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (KafkaException e) {
      failure = Optional.of(e);
      LOG.error("Reading the topics ended: {}", e.getMessage());
    } finally {
      consumer.close();
      replayLag.ifPresent(ReplayLag::close);
      stopped.countDown();
    }
  }

  private synchronized boolean begin() {
    running = closing.getCount() > 0;
    return running;
  }

  /** Why {@link #run} ended by itself; empty while it runs and after {@link #close}. */
  public Optional<KafkaException> failure() {
    return failure;
  }

  /** Ends {@link #run} and waits until it has ended; where it never ran, it never will. */
  @Override
  public void close() {
    if (!askToStop()) {
      consumer.close();
      replayLag.ifPresent(ReplayLag::close);
      return;
    }
    try {
      if (!stopped.await(10, TimeUnit.SECONDS)) {
        LOG.warn("The reader of the topics did not end within 10 seconds");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns false where nothing runs. */
  private synchronized boolean askToStop() {
    closing.countDown();
    if (running) {
      consumer.wakeup();
    }
    return running;
  }

  /** Returns false when closed while waiting. */
  private boolean awaitTopics() throws InterruptedException {
    Topics topics = config.topics();
    List<String> needed = List.of(topics.captures(), topics.violations(), topics.summaries());
    long retryMs = RETRY_MS_MIN;
    while (closing.getCount() > 0) {
      try {
        List<String> missing =
            needed.stream().filter(topic -> partitionsOf(topic).isEmpty()).toList();
        if (missing.isEmpty()) {
          return true;
        }
        answered();
        LOG.warn("Waiting for topics that do not exist yet [topics={}]", missing);
      } catch (RetriableException e) {
        noAnswer();
      }
      closing.await(retryMs, TimeUnit.MILLISECONDS);
      retryMs = Math.min(2 * retryMs, RETRY_MS_MAX);
    }
    return false;
  }

  private void noAnswer() {
    outage.silent("reading waits for it [bootstrap=%s]".formatted(config.bootstrapServers()));
    state.kafkaSilent(System.nanoTime());
  }

  private void answered() {
    outage.answered();
    state.kafkaAnswered();
  }

  /** Asks Kafka again until it answers. */
  private <T> T persistently(Supplier<T> question) throws InterruptedException {
    while (true) {
      try {
        T answer = question.get();
        answered();
        return answer;
      } catch (RetriableException e) {
        noAnswer();
        if (closing.await(RETRY_MS_MIN, TimeUnit.MILLISECONDS)) {
          throw new WakeupException();
        }
      }
    }
  }

  /** Reads the captures topic to its end and returns the captures whose history is passed over. */
  private Set<String> captureHistory() throws InterruptedException {
    Set<TopicPartition> partitions = persistently(() -> partitionsOf(config.topics().captures()));
    FollowedCaptures history = new FollowedCaptures();
    Ends ends = readFromBeginning(partitions);
    while (!ends.reached()) {
      for (ConsumerRecord<byte[], byte[]> source : consumer.poll(POLL)) {
        decoded(source).ifPresent(history::add);
      }
      if (isTimeToLookAround()) {
        askWhetherKafkaAnswers();
      }
    }
    lookedAroundNs = 0;
    Set<String> passedOver = history.passedOver(state.limits().captures());
    if (!passedOver.isEmpty()) {
      LOG.info("Passing over the history of {} ended captures", passedOver.size());
    }
    reader.passOver(passedOver);
    history.records().forEach(reader::capture);
    return passedOver;
  }

  /** Undecodable records are counted when the topic is read again with the others. */
  private static Optional<CaptureRecord> decoded(ConsumerRecord<byte[], byte[]> source) {
    if (source.value() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(CaptureRecordCodec.decode(source.value()));
    } catch (UndecodableRecordException e) {
      return Optional.empty();
    }
  }

  private void follow() throws InterruptedException {
    Ends ends = readFromBeginning(persistently(this::allPartitions));
    while (closing.getCount() > 0) {
      read(consumer.poll(POLL));
      if (!state.caughtUp() && ends.reached()) {
        state.caughtUp(true);
        reader.passOver(Set.of()); // from now on whatever comes is new
        LOG.info("Caught up with the topics [partitions={}]", consumer.assignment().size());
      }
      lookAround();
    }
  }

  /** What is known of captures first: what is wanted of their findings may depend on it. */
  private void read(ConsumerRecords<byte[], byte[]> records) {
    String captures = config.topics().captures();
    records.records(captures).forEach(reader::read);
    records.forEach(
        source -> {
          if (!source.topic().equals(captures)) {
            reader.read(source);
          }
        });
  }

  /** Asks from time to time how far the engine is and whether there are new partitions. */
  private void lookAround() throws InterruptedException {
    if (!isTimeToLookAround() || !askWhetherKafkaAnswers()) {
      return;
    }
    if (replayLag.isPresent()) {
      replayLag.get().records().ifPresent(state::replayLag);
    }
    try {
      followNew(allPartitions());
    } catch (RetriableException e) {
      noAnswer(); // asked again soon
    }
  }

  private boolean isTimeToLookAround() {
    long nowNs = System.nanoTime();
    if (nowNs - lookedAroundNs < LOOK_AROUND_NS && lookedAroundNs != 0) {
      return false;
    }
    lookedAroundNs = nowNs;
    return true;
  }

  /**
   * A poll does not tell an absent broker from one that has nothing new, and partitions are told
   * from memory.
   */
  private boolean askWhetherKafkaAnswers() {
    try {
      consumer.endOffsets(consumer.assignment(), ANSWER);
      answered();
      return true;
    } catch (RetriableException e) {
      noAnswer(); // asked again soon
      return false;
    }
  }

  private void followNew(Set<TopicPartition> partitions) {
    Set<TopicPartition> added = new LinkedHashSet<>(partitions);
    added.removeAll(consumer.assignment());
    if (!added.isEmpty()) {
      Set<TopicPartition> all = new LinkedHashSet<>(consumer.assignment());
      all.addAll(added);
      consumer.assign(all);
      consumer.seekToBeginning(added);
    }
  }

  private Ends readFromBeginning(Collection<TopicPartition> partitions)
      throws InterruptedException {
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return new Ends(persistently(() -> consumer.endOffsets(partitions, ASK)));
  }

  /** Mappings and quarantine may be switched off; what does not exist has no partitions. */
  private Set<TopicPartition> allPartitions() {
    Topics topics = config.topics();
    Set<TopicPartition> all = new LinkedHashSet<>();
    List.of(
            topics.captures(),
            topics.violations(),
            topics.summaries(),
            topics.mappings(),
            topics.quarantine())
        .forEach(topic -> all.addAll(partitionsOf(topic)));
    return all;
  }

  private Set<TopicPartition> partitionsOf(String topic) {
    Set<TopicPartition> partitions = new LinkedHashSet<>();
    List<PartitionInfo> infos = consumer.partitionsFor(topic, ASK);
    if (infos != null) {
      infos.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    return partitions;
  }

  /** Where the partitions ended when reading began. */
  private final class Ends {
    private final Map<TopicPartition, Long> offsets;

    Ends(Map<TopicPartition, Long> offsets) {
      this.offsets = new HashMap<>(offsets);
    }

    boolean reached() {
      try {
        offsets.entrySet().removeIf(end -> consumer.position(end.getKey(), ASK) >= end.getValue());
      } catch (RetriableException e) {
        noAnswer(); // the positions that are not known yet are asked for again
      }
      return offsets.isEmpty();
    }
  }
}
