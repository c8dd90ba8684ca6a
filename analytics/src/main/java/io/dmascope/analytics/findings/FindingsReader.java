package io.dmascope.analytics.findings;

import io.dmascope.analytics.report.FindingReport;
import io.dmascope.schemas.KafkaUnavailableException;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.CaptureRecordCodec;
import io.dmascope.schemas.codec.UndecodableRecordException;
import io.dmascope.schemas.codec.ViolationCodec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what the topics hold about captures. Each reading begins at the beginning of the topics and
 * ends where they ended when it began; only committed records count.
 *
 * <p>Owned by one thread.
 */
public final class FindingsReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(250);

  private final String bootstrapServers;
  private final Topics topics;
  private final Duration patience;
  private final Consumer<byte[], byte[]> consumer;
  private long undecodable;

  /**
   * Connects to Kafka.
   *
   * @param client further settings of Kafka's clients, such as those for TLS
   * @param patience how long to wait for an answer
   * @throws KafkaUnavailableException where the settings cannot be used
   */
  public static FindingsReader open(
      String bootstrapServers, Map<String, String> client, Topics topics, Duration patience) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(
        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(patience.toMillis()));
    try {
      return new FindingsReader(
          bootstrapServers,
          topics,
          patience,
          new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new KafkaUnavailableException(
          "cannot use these Kafka servers [bootstrap=%s] [cause=%s]"
              .formatted(bootstrapServers, cause.getMessage()),
          e);
    }
  }

  FindingsReader(
      String bootstrapServers,
      Topics topics,
      Duration patience,
      Consumer<byte[], byte[]> consumer) {
    this.bootstrapServers = bootstrapServers;
    this.topics = topics;
    this.patience = patience;
    this.consumer = consumer;
  }

  /**
   * Returns the captures whose ids are wanted and that the topics know, by id.
   *
   * @param reports makes an empty report for each capture
   * @throws KafkaUnavailableException where Kafka does not answer, or has no such topics
   */
  public List<ReplayedCapture> read(Supplier<FindingReport> reports, Predicate<String> wanted) {
    undecodable = 0;
    CaptureFold fold = new CaptureFold(reports, wanted);
    try {
      readAll(topics.captures(), value -> fold.capture(CaptureRecordCodec.decode(value)));
      readAll(topics.violations(), value -> fold.violation(ViolationCodec.decode(value)));
    } catch (RetriableException e) { // a timeout, mostly
      throw new KafkaUnavailableException(
          "no Kafka broker answers [bootstrap=%s] [waited=%d s]"
              .formatted(bootstrapServers, patience.toSeconds()),
          e);
    }
    return fold.captures();
  }

  /** Records of the last reading that are not ours or are damaged; they were passed over. */
  public long undecodable() {
    return undecodable;
  }

  @Override
  public void close() {
    consumer.close();
  }

  private interface ValueReader {
    void read(byte[] value) throws UndecodableRecordException;
  }

  private void readAll(String topic, ValueReader reader) {
    List<PartitionInfo> infos = consumer.partitionsFor(topic, patience);
    if (infos == null || infos.isEmpty()) {
      throw new KafkaUnavailableException(
          "Kafka has no topic %s: nothing was published or replayed yet [bootstrap=%s]"
              .formatted(topic, bootstrapServers),
          null);
    }
    List<TopicPartition> partitions =
        infos.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions, patience));
    long deadlineNs = System.nanoTime() + patience.toNanos();
    while (!reached(ends)) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      if (!records.isEmpty()) {
        deadlineNs = System.nanoTime() + patience.toNanos();
      } else if (System.nanoTime() - deadlineNs >= 0) {
        throw new TimeoutException("no records of " + topic);
      }
      for (ConsumerRecord<byte[], byte[]> source : records) {
        read(source, reader);
      }
    }
  }

  private void read(ConsumerRecord<byte[], byte[]> source, ValueReader reader) {
    if (source.value() == null) {
      return; // a tombstone of a compacted topic says nothing
    }
    try {
      reader.read(source.value());
    } catch (UndecodableRecordException e) {
      undecodable++; // told by undecodable(): one bad record must not hide the findings
    }
  }

  private boolean reached(Map<TopicPartition, Long> ends) {
    ends.entrySet().removeIf(end -> consumer.position(end.getKey(), patience) >= end.getValue());
    return ends.isEmpty();
  }
}
