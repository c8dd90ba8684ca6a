package io.dmascope.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.schemas.ClusterTopics;
import io.dmascope.schemas.KafkaUnavailableException;
import io.dmascope.schemas.QuarantineHeaders;
import io.dmascope.schemas.RunName;
import io.dmascope.schemas.TopicScan;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.CaptureRecord;
import io.dmascope.schemas.codec.CaptureRecordCodec;
import io.dmascope.schemas.codec.EventChunkDecoder;
import io.dmascope.schemas.codec.RunRecord;
import io.dmascope.schemas.codec.UndecodableRecordException;
import io.dmascope.schemas.runs.RunException;
import io.dmascope.schemas.runs.RunRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;

/*
 * One process, one thread, and what Kafka Streams does not have: an end, and a clock.
 *
 *   events ---> Lane (a partition: records that wait, the chunk in hand)
 *                 \
 *   events ---> Lane --> the lane whose next event is due first --> CaptureSet --> run.NAME.*
 *                 /
 *   events ---> Lane
 *
 * Offsets with the run's progress, models (run.NAME.state) and what was concluded are committed in
 * one transaction, also in the middle of a chunk: the events of it that were applied are passed over when
 * it comes again.
 */

/**
 * Replays captures that were published before, under a name of its own: nothing it writes is on a
 * topic of the live run. It ends where the events topic ended when it was made. Owned by one
 * thread.
 */
public final class HistoricalReplay implements AutoCloseable {
  private static final Duration NO_TIME = Duration.ZERO;
  private static final Duration FETCH = Duration.ofMillis(100);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  /** While an event is waited for, somebody may want to stop the replay, or a commit is due. */
  private static final long WAIT_NS_MAX = 20_000_000;

  /** Who lists the runs takes a longer silence for an end. */
  private static final long SIGN_OF_LIFE_NS = 10_000_000_000L;

  private static final long PROGRESS_NS = 250_000_000;
  private static final long REFILL_NS = 20_000_000;

  /** A lane that has so many records waiting gets no more for now. */
  private static final int WAITING_MAX = 64;

  private final HistoricalConfig config;
  private final RunRegistry registry;
  private final Topics topics;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaProducer<byte[], byte[]> producer;
  private final ReplayCounters counters = new ReplayCounters();
  private final PaceClock clock;
  private final CaptureSet captures;
  private final Map<TopicPartition, Lane> lanes = new LinkedHashMap<>();

  /** As it stood when this process took it. */
  private RunRecord taken;

  private final boolean resumed;
  private ConsumerRecord<byte[], byte[]> atHand;
  private long recordsDone;
  private boolean uncommitted;
  private boolean inTransaction;
  private long committedNs = System.nanoTime();
  private long refilledNs;
  private long toldNs;

  /** One partition on its way. */
  private final class Lane {
    private final TopicPartition partition;
    private final long endOffset;
    private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
    private Optional<CaptureSet.Chunk> chunk = Optional.empty();

    /** That the chunk came with. */
    private ConsumerRecord<byte[], byte[]> record;

    /** Of the record whose chunk is in hand, or the next one. */
    private long offset;

    Lane(TopicPartition partition, long offset, long endOffset) {
      this.partition = partition;
      this.offset = offset;
      this.endOffset = endOffset;
    }

    boolean finished() {
      return chunk.isEmpty() && waiting.isEmpty() && consumer.position(partition) >= endOffset;
    }

    void offer(ConsumerRecord<byte[], byte[]> record) {
      if (record.offset() < endOffset) {
        waiting.add(record);
      }
    }

    /** Takes records in until one has events to apply. */
    void load() {
      while (chunk.isEmpty() && !waiting.isEmpty()) {
        record = waiting.removeFirst();
        offset = record.offset();
        uncommitted = true;
        atHand = record;
        chunk = isWanted(record) ? captures.begin(record.key(), record.value()) : Optional.empty();
        settle();
      }
    }

    /** The record is done with its last event. */
    void settle() {
      if (chunk.isEmpty() || chunk.get().next().isEmpty()) {
        chunk = Optional.empty();
        offset++;
        recordsDone++;
      }
    }
  }

  private HistoricalReplay(
      HistoricalConfig config, RunRegistry registry, RunRecord taken, boolean resumed) {
    this.config = config;
    this.registry = registry;
    this.topics = config.topics();
    this.taken = taken;
    this.resumed = resumed;
    this.clock = new PaceClock(config.pace(), System::nanoTime);
    this.consumer =
        new KafkaConsumer<>(
            consumerSettings(config), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.producer =
        new KafkaProducer<>(
            producerSettings(config), new ByteArraySerializer(), new ByteArraySerializer());
    this.captures =
        new CaptureSet(
            config.mappings(),
            config.conclusions(),
            new Host(),
            (key, value) -> send(topics.state(), key.get(), value),
            counters);
  }

  /**
   * Makes the replay, or takes it where it was left.
   *
   * @throws KafkaUnavailableException where Kafka does not answer
   * @throws RunException where the name stands for another replay
   */
  public static HistoricalReplay open(HistoricalConfig config) {
    Map<String, String> connection = connection(config);
    RunRegistry registry = new RunRegistry(connection, config.topics(), config.patience());
    Optional<RunRecord> before = registry.run(config.topics().run());
    if (before.isPresent() && !before.get().settings().equals(config.settings())) {
      throw new RunException(
          ("the run %s was made with other settings %s; give this one another name, or remove that"
                  + " one with dmascope runs remove %s")
              .formatted(
                  config.topics().run(),
                  new TreeMap<>(before.get().settings()),
                  config.topics().run()));
    }
    RunRecord run =
        before.orElseGet(
            () -> {
              ClusterTopics.create(connection, config.topics().replaySettings(), config.patience());
              return registry.claim(made(config, connection));
            });
    HistoricalReplay replay = new HistoricalReplay(config, registry, run, before.isPresent());
    boolean begun = false;
    try {
      replay.begin(connection);
      begun = true;
      return replay;
    } catch (InterruptException e) {
      throw new KafkaUnavailableException("interrupted while waiting for Kafka", e);
    } finally {
      if (!begun) {
        replay.close();
      }
    }
  }

  private static RunRecord made(HistoricalConfig config, Map<String, String> connection) {
    try (TopicScan scan = new TopicScan(connection, config.patience())) {
      List<TopicPartition> partitions = scan.partitions(config.topics().events());
      Map<TopicPartition, Long> starts = scan.beginnings(partitions);
      Map<TopicPartition, Long> ends = scan.ends(partitions);
      return RunRecord.begun(
          config.topics().run(),
          config.group(),
          System.currentTimeMillis(),
          config.settings(),
          partitions.stream().map(starts::get).toList(),
          partitions.stream().map(ends::get).toList());
    }
  }

  private void begin(Map<String, String> connection) {
    producer.initTransactions(); // from here on nobody else goes on with this replay
    try (TopicScan scan = new TopicScan(connection, config.patience())) {
      Map<Bytes, byte[]> pages = new HashMap<>();
      scan.read(
          topics.state(),
          record -> {
            if (record.value() == null) {
              pages.remove(Bytes.wrap(record.key()));
            } else {
              pages.put(Bytes.wrap(record.key()), record.value());
            }
          });
      captures.restore(pages.entrySet());
      if (!captures.outdated().isEmpty()) {
        throw new RunException(
            ("the run %s was begun by another version of dmascope; after dmascope runs remove %s"
                    + " the same command begins it anew")
                .formatted(topics.run(), topics.run()));
      }
      List<TopicPartition> partitions = scan.partitions(topics.events());
      consumer.assign(partitions);
      Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
      for (TopicPartition partition : partitions) {
        int number = partition.partition();
        if (number >= taken.endOffsets().size()) {
          continue; // came later: nothing of it was there when the replay was made
        }
        long start = taken.startOffsets().get(number);
        OffsetAndMetadata done = committed.get(partition);
        Lane lane =
            new Lane(
                partition, done == null ? start : done.offset(), taken.endOffsets().get(number));
        lanes.put(partition, lane);
        if (done != null) {
          taken = taken.withProgress(done.metadata());
        }
      }
    }
    consumer.assign(lanes.keySet());
    lanes.values().forEach(lane -> consumer.seek(lane.partition, lane.offset));
    if (resumed) {
      registry.put(in(RunRecord.State.RUNNING));
    } else {
      copyFacts(connection);
    }
  }

  /** Who reads what this run concluded finds on its topics also what it is about. */
  private void copyFacts(Map<String, String> connection) {
    try (TopicScan scan = new TopicScan(connection, config.patience())) {
      scan.read(
          topics.of(RunName.LIVE).captures(),
          record -> {
            try {
              if (record.value() != null
                  && CaptureRecordCodec.decode(record.value())
                      instanceof CaptureRecord.Started started
                  && config.captures().contains(started.captureId())) {
                ProducerRecord<byte[], byte[]> copy =
                    new ProducerRecord<>(
                        topics.captures(), null, record.key(), record.value(), record.headers());
                copy.headers().add(RunName.HEADER, topics.run().name().getBytes(UTF_8));
                send(copy);
                uncommitted = true;
              }
            } catch (UndecodableRecordException e) {
              // who made the catalogue passed over it too, and counted it
            }
          });
    }
  }

  /** True where this process goes on with what another one began. */
  public boolean isResumed() {
    return resumed;
  }

  /** The replay as it stands; not all of it may be committed. */
  public RunRecord progress() {
    return in(RunRecord.State.RUNNING);
  }

  /** What this process has done. */
  public ReplayMetrics metrics() {
    return counters;
  }

  /** Gaps between events that were waited for, as far as the pace is measured. */
  public long pacedGaps() {
    return clock.gaps();
  }

  /** How far that part of the gaps is from the recorded ones at most, in milliseconds. */
  public double paceErrorMs(double part) {
    return clock.errorMs(part);
  }

  /**
   * Replays until the end or until somebody wants it to stop; what is done is committed.
   *
   * @param stop asked often
   * @param progress told a few times a second
   * @return true where the replay has come to its end
   * @throws RunException where another process has taken the replay over, or Kafka gave it up
   */
  public boolean run(BooleanSupplier stop, Consumer<RunRecord> progress) {
    try {
      while (!stop.getAsBoolean()) {
        if (!step()) {
          commit(RunRecord.State.DONE);
          progress.accept(in(RunRecord.State.DONE));
          return true;
        }
        long nowNs = System.nanoTime();
        long idleNs = nowNs - committedNs;
        if (idleNs >= (uncommitted ? config.commitInterval().toNanos() : SIGN_OF_LIFE_NS)) {
          commit(RunRecord.State.RUNNING);
        }
        if (nowNs - toldNs >= PROGRESS_NS) {
          toldNs = nowNs;
          progress.accept(progress());
        }
      }
      commit(RunRecord.State.STOPPED);
      return false;
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      throw new RunException(
          "another process has taken the run %s over".formatted(topics.run()), e);
    } catch (InterruptException e) {
      throw new RunException(
          "the replay was interrupted; the same command goes on where it committed last", e);
    } catch (KafkaException e) {
      throw new RunException(
          "Kafka gave the replay up; the same command goes on where it committed last [cause=%s]"
              .formatted(e.getMessage()),
          e);
    }
  }

  /** Does a little; false where nothing is left to do. */
  private boolean step() {
    lanes.values().forEach(Lane::load);
    if (config.pace().waits()) {
      return pacedStep();
    }
    boolean applied = false;
    for (Lane lane : lanes.values()) {
      if (lane.chunk.isPresent()) {
        atHand = lane.record;
        uncommitted = true;
        lane.chunk.get().applyAll();
        lane.settle();
        applied = true;
      }
    }
    return applied || fetch(FETCH);
  }

  private boolean pacedStep() {
    Lane first = null;
    long firstDueNs = Long.MAX_VALUE;
    for (Lane lane : lanes.values()) {
      if (lane.chunk.isPresent()) {
        CaptureSet.Chunk chunk = lane.chunk.get();
        long dueNs = untilDueNs(chunk.captureId(), chunk.next().orElseThrow());
        if (dueNs < firstDueNs) {
          firstDueNs = dueNs;
          first = lane;
        }
      }
    }
    if (first == null) {
      return fetch(FETCH);
    }
    if (firstDueNs > 0) {
      if (System.nanoTime() - refilledNs >= REFILL_NS && firstDueNs > REFILL_NS / 4) {
        refilledNs = System.nanoTime();
        var _ = fetch(NO_TIME);
      } else {
        LockSupport.parkNanos(Math.min(firstDueNs, WAIT_NS_MAX));
      }
      return true;
    }
    CaptureSet.Chunk chunk = first.chunk.get();
    TraceEvent event = chunk.next().orElseThrow();
    atHand = first.record;
    uncommitted = true;
    chunk.apply();
    if (!(event instanceof CaptureStart)) {
      clock.applied(chunk.captureId(), event.header().timestampNs());
    }
    first.settle();
    return true;
  }

  /** Nobody recorded the start: it has no time. */
  private long untilDueNs(String captureId, TraceEvent event) {
    return event instanceof CaptureStart
        ? 0
        : clock.untilDueNs(captureId, event.header().timestampNs());
  }

  /** Gets records for the lanes that have room; false where every lane has come to its end. */
  private boolean fetch(Duration wait) {
    boolean finished = true;
    for (Lane lane : lanes.values()) {
      boolean full = lane.waiting.size() >= WAITING_MAX;
      if (full || consumer.position(lane.partition) >= lane.endOffset) {
        consumer.pause(List.of(lane.partition));
      } else {
        consumer.resume(List.of(lane.partition));
      }
      finished &= lane.finished();
    }
    if (finished) {
      return false;
    }
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
      lanes.get(new TopicPartition(record.topic(), record.partition())).offer(record);
    }
    return true;
  }

  /** What is no chunk at all is the live run's to put into quarantine. */
  private boolean isWanted(ConsumerRecord<byte[], byte[]> record) {
    try {
      return config.captures().contains(EventChunkDecoder.head(record.value()).captureId());
    } catch (UndecodableRecordException e) {
      return false;
    }
  }

  private void commit(RunRecord.State state) {
    lanes.values().forEach(lane -> lane.chunk.ifPresent(CaptureSet.Chunk::flush));
    captures.saveChanges();
    RunRecord now = in(state);
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    lanes
        .values()
        .forEach(
            lane ->
                offsets.put(
                    lane.partition, new OffsetAndMetadata(lane.offset, now.progressText())));
    if (!inTransaction) {
      producer.beginTransaction();
    }
    producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
    producer.commitTransaction();
    inTransaction = false;
    lanes.values().forEach(lane -> lane.chunk.ifPresent(CaptureSet.Chunk::touch));
    uncommitted = false;
    committedNs = System.nanoTime();
    if (state != RunRecord.State.RUNNING) {
      registry.put(now);
    }
  }

  private RunRecord in(RunRecord.State state) {
    return taken.at(
        state,
        System.currentTimeMillis(),
        taken.records() + recordsDone,
        taken.events() + counters.events(),
        taken.violations() + counters.violations(),
        taken.capturesEnded() + counters.capturesEnded());
  }

  private void send(String topic, byte[] key, byte[] value) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, value);
    record.headers().add(RunName.HEADER, topics.run().name().getBytes(UTF_8));
    send(record);
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    if (!inTransaction) {
      producer.beginTransaction();
      inTransaction = true;
    }
    var _ = producer.send(record); // a failure comes back from the commit
  }

  /** What the captures meet here. */
  private final class Host implements ReplayHost {
    @Override
    public void send(String sink, byte[] key, byte[] value) {
      HistoricalReplay.this.send(topicOf(sink), key, value);
    }

    private String topicOf(String sink) {
      return switch (sink) {
        case Outlet.VIOLATIONS -> topics.violations();
        case Outlet.MAPPINGS -> topics.mappings();
        case Outlet.SUMMARIES -> topics.summaries();
        case Outlet.CAPTURES -> topics.captures();
        default -> throw new IllegalArgumentException(sink);
      };
    }

    @Override
    public void quarantine(byte[] key, byte[] value, String reason) {
      counters.quarantined.increment();
      ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topics.quarantine(), key, value);
      Headers headers = record.headers();
      headers.add(RunName.HEADER, topics.run().name().getBytes(UTF_8));
      headers.add(QuarantineHeaders.REASON, reason.getBytes(UTF_8));
      if (atHand != null) {
        headers.add(QuarantineHeaders.TOPIC, atHand.topic().getBytes(UTF_8));
        headers.add(QuarantineHeaders.PARTITION, text(atHand.partition()));
        headers.add(QuarantineHeaders.OFFSET, text(atHand.offset()));
      }
      HistoricalReplay.this.send(record);
    }

    private static byte[] text(long number) {
      return Long.toString(number).getBytes(UTF_8);
    }

    @Override
    public void changing() {
      uncommitted = true;
    }

    @Override
    public String position() {
      return atHand == null
          ? "unknown"
          : atHand.topic() + "-" + atHand.partition() + "@" + atHand.offset();
    }
  }

  /** What was not committed is forgotten, and done again by who goes on. */
  @Override
  public void close() {
    captures.close();
    try {
      if (inTransaction) {
        producer.abortTransaction();
      }
    } catch (KafkaException e) {
      // Kafka gives the transaction up by itself, and whoever goes on fences it
    }
    producer.close(CLOSE_TIMEOUT);
    consumer.close();
  }

  private static Map<String, String> connection(HistoricalConfig config) {
    Map<String, String> connection = new HashMap<>(config.kafka());
    connection.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    return connection;
  }

  private static Map<String, Object> consumerSettings(HistoricalConfig config) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, config.group());
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 << 20);
    settings.put(
        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
        Math.toIntExact(config.patience().toMillis()));
    settings.putAll(connection(config));
    return settings;
  }

  private static Map<String, Object> producerSettings(HistoricalConfig config) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, config.group());
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 8 << 20);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.MAX_VALUE);
    settings.putAll(connection(config));
    return settings;
  }
}
