package io.dmascope.replay;

import io.dmascope.schemas.ClusterTopics;
import io.dmascope.schemas.KafkaUnavailableException;
import io.dmascope.schemas.OutageNotice;
import io.dmascope.schemas.RunName;
import io.dmascope.schemas.codec.RunRecord;
import io.dmascope.schemas.runs.RunException;
import io.dmascope.schemas.runs.RunRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays the captures of a Kafka cluster, each exactly once, until it is closed.
 *
 * <p>Any number of engines with one application id share the captures. An engine that fails stops
 * as a whole: {@link #awaitStop} returns and {@link #failure} says why.
 */
public final class ReplayEngine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayEngine.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** Who is asked again soon need not wait for a lost answer. */
  private static final int ANSWER_MS = 5_000;

  /** Kafka Streams gives a task up that Kafka did not answer for five minutes, unless told so. */
  private static final Duration OUTAGE_MAX = Duration.ofDays(365);

  private final ReplayConfig config;
  private final ReplayCounters counters = new ReplayCounters();
  private final KafkaStreams streams;
  private final Admin admin;
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final OutageNotice outage = new OutageNotice(System::nanoTime, LOG::warn);
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("dmascope-replay-watch").daemon().factory());

  private ReplayEngine(ReplayConfig config) {
    this.config = config;
    this.streams =
        new KafkaStreams(
            ReplayTopology.build(config.topics(), config.mappings(), archive(config), counters),
            properties(config));
    this.admin = Admin.create(new HashMap<>(connection(config)));
    streams.setUncaughtExceptionHandler(
        thrown -> {
          failure.compareAndSet(null, thrown);
          LOG.error("The replay engine stops", thrown);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.setStateListener((now, before) -> onState(now));
  }

  /**
   * Creates the topics that are missing, makes sure that the live run is this application's, and
   * starts replaying.
   *
   * @throws KafkaUnavailableException where Kafka does not answer
   * @throws RunException where the live run is another application's
   */
  public static ReplayEngine start(ReplayConfig config) {
    ClusterTopics.create(
        connection(config), config.topics().settings(config.partitions()), config.patience());
    new RunRegistry(connection(config), config.topics(), config.patience())
        .claim(
            RunRecord.begun(
                RunName.LIVE,
                config.applicationId(),
                System.currentTimeMillis(),
                Map.of(),
                List.of(),
                List.of()));
    ReplayEngine engine = new ReplayEngine(config);
    engine.streams.start();
    var _ =
        engine.watch.scheduleWithFixedDelay(
            engine::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    LOG.info(
        "Replay engine started [application={}] [topic={}] [threads={}]",
        config.applicationId(),
        config.topics().events(),
        config.threads());
    return engine;
  }

  /** What the engine has done so far. */
  public ReplayMetrics metrics() {
    return counters;
  }

  /** Waits until the engine has its share of the captures; false if that took too long. */
  public boolean awaitRunning(Duration timeout) throws InterruptedException {
    return running.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits until the engine has stopped, of its own or by {@link #close}. */
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  /** True once the engine has stopped, of its own or by {@link #close}. */
  public boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /** Why the engine stopped of its own; empty while it runs and after a close. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  /**
   * Records of the events topic whose findings nobody can see yet, over all engines of the
   * application; empty where Kafka does not answer at the moment. Asks Kafka: not for every metric
   * scrape of a busy cluster.
   *
   * @throws KafkaUnavailableException where Kafka refuses to tell
   */
  public OptionalLong lag() throws InterruptedException {
    try {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(
                  config.applicationId(),
                  new ListConsumerGroupOffsetsOptions().timeoutMs(ANSWER_MS))
              .partitionsToOffsetAndMetadata()
              .get();
      var partitions =
          admin
              .describeTopics(
                  List.of(config.topics().events()),
                  new DescribeTopicsOptions().timeoutMs(ANSWER_MS))
              .allTopicNames()
              .get()
              .values()
              .stream()
              .flatMap(
                  topic ->
                      topic.partitions().stream()
                          .map(p -> new TopicPartition(topic.name(), p.partition())))
              .toList();
      var ends = offsets(partitions, OffsetSpec.latest());
      var starts = offsets(partitions, OffsetSpec.earliest());
      long lag = 0;
      for (TopicPartition partition : partitions) {
        OffsetAndMetadata done = committed.get(partition);
        lag += ends.get(partition) - (done == null ? starts.get(partition) : done.offset());
      }
      return OptionalLong.of(lag);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RetriableException) {
        return OptionalLong.empty(); // the watch says so where it goes on
      }
      throw new KafkaUnavailableException(
          "Kafka does not tell the progress [cause=%s]".formatted(e.getCause().getMessage()), e);
    }
  }

  private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec)
      throws InterruptedException, ExecutionException {
    return admin
        .listOffsets(
            partitions.stream().collect(Collectors.toMap(Function.identity(), p -> spec)),
            new ListOffsetsOptions().timeoutMs(ANSWER_MS))
        .all()
        .get()
        .entrySet()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, offset -> offset.getValue().offset()));
  }

  /** Kafka Streams waits for Kafka without a word. */
  private void look() {
    try {
      var options = new DescribeClusterOptions().timeoutMs(ANSWER_MS);
      var _ = admin.describeCluster(options).nodes().get();
      outage.answered();
    } catch (ExecutionException e) {
      outage.silent("the replay waits for it [cause=%s]".formatted(e.getCause().getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Commits what is done and stops. */
  @Override
  public void close() {
    watch.shutdownNow();
    // An engine keeps nothing that would be worth coming back to, so others may take over at once.
    streams.close(
        CloseOptions.timeout(CLOSE_TIMEOUT)
            .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    admin.close(CLOSE_TIMEOUT);
    stopped.countDown();
  }

  private void onState(State now) {
    switch (now) {
      case RUNNING -> running.countDown();
      case NOT_RUNNING, ERROR -> stopped.countDown();
      case CREATED, REBALANCING, PENDING_SHUTDOWN, PENDING_ERROR -> {
        // On the way to one of the others.
      }
    }
  }

  private static Archive archive(ReplayConfig config) {
    return new EventsArchive(connection(config), config.topics().events(), config.applicationId());
  }

  private static Map<String, String> connection(ReplayConfig config) {
    Map<String, String> connection = new HashMap<>();
    connection.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    config
        .kafka()
        .forEach(
            (key, value) -> {
              if (key.startsWith("security.")
                  || key.startsWith("sasl.")
                  || key.startsWith("ssl.")) {
                connection.put(key, value);
              }
            });
    return connection;
  }

  private static Properties properties(ReplayConfig config) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.commitInterval().toMillis());
    properties.put(StreamsConfig.TASK_TIMEOUT_MS_CONFIG, OUTAGE_MAX.toMillis());
    // A model that runs cannot take pages: see PageStore.restoreAll.
    properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 0);

    // Few large fetches instead of many small ones: three times as fast as the defaults. A lone
    // chunk waits at most 100 ms for company.
    consumer(properties, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consumer(properties, ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1 << 20);
    consumer(properties, ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    consumer(properties, ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 64 << 20);
    consumer(properties, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 << 20);
    consumer(properties, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2000);
    // An engine that was killed is replaced after ten seconds, not forty-five.
    consumer(properties, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);

    producer(properties, ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    producer(properties, ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    producer(properties, ProducerConfig.LINGER_MS_CONFIG, 20);
    // The first transaction on a fresh cluster meets some refusals; do not dawdle over them.
    producer(properties, ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 200);
    // A record in quarantine is as long as it came, and its headers.
    producer(properties, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 8 << 20);
    properties.putAll(config.kafka());
    return properties;
  }

  private static void consumer(Properties properties, String key, Object value) {
    properties.put(StreamsConfig.consumerPrefix(key), value);
  }

  private static void producer(Properties properties, String key, Object value) {
    properties.put(StreamsConfig.producerPrefix(key), value);
  }
}
