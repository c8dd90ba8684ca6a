package io.dmascope.schemas;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what topics hold now, from their beginning to where they end when the reading begins; only
 * committed records count. Owned by one thread.
 */
public final class TopicScan implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final String bootstrapServers;
  private final Duration patience;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /**
   * @param connection Kafka client settings; {@code bootstrap.servers} at least
   * @param patience how long to wait for an answer
   * @throws KafkaUnavailableException where the settings cannot be used
   */
  public TopicScan(Map<String, String> connection, Duration patience) {
    this.bootstrapServers = connection.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG);
    this.patience = patience;
    Map<String, Object> settings = new HashMap<>(connection);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    // Nothing more is waited for than what is there.
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
    settings.put(
        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(patience.toMillis()));
    try {
      this.consumer =
          new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new KafkaUnavailableException(
          "cannot use these Kafka servers [bootstrap=%s] [cause=%s]"
              .formatted(bootstrapServers, cause.getMessage()),
          e);
    }
  }

  /** The topic's partitions, in order; none where there is no such topic. */
  public List<TopicPartition> partitions(String topic) {
    return answered(
        () -> {
          var infos = consumer.partitionsFor(topic, patience);
          return infos == null
              ? List.of()
              : infos.stream()
                  .map(info -> new TopicPartition(topic, info.partition()))
                  .sorted(java.util.Comparator.comparingInt(TopicPartition::partition))
                  .toList();
        });
  }

  /** Hands every record of the topic to {@code each}; none where there is no such topic. */
  public void read(String topic, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    List<TopicPartition> partitions = partitions(topic);
    if (partitions.isEmpty()) {
      return;
    }
    answered(
        () -> {
          consumer.assign(partitions);
          consumer.seekToBeginning(partitions);
          readTo(new HashMap<>(consumer.endOffsets(partitions, patience)), each);
          return partitions;
        });
  }

  /** Hands the records of a partition from {@code from} to before {@code end} to {@code each}. */
  public void read(
      TopicPartition partition,
      long from,
      long end,
      Consumer<ConsumerRecord<byte[], byte[]>> each) {
    answered(
        () -> {
          consumer.assign(List.of(partition));
          consumer.seek(partition, from);
          readTo(
              new HashMap<>(Map.of(partition, end)),
              record -> {
                if (record.offset() < end) {
                  each.accept(record);
                }
              });
          return partition;
        });
  }

  /** First offset that each partition still has. */
  public Map<TopicPartition, Long> beginnings(List<TopicPartition> partitions) {
    return answered(() -> consumer.beginningOffsets(partitions, patience));
  }

  /** Where each partition ends for who reads what is committed. */
  public Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
    return answered(() -> consumer.endOffsets(partitions, patience));
  }

  private void readTo(
      Map<TopicPartition, Long> ends, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    long deadlineNs = System.nanoTime() + patience.toNanos();
    while (!reached(ends)) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      if (!records.isEmpty()) {
        deadlineNs = System.nanoTime() + patience.toNanos();
      } else if (System.nanoTime() - deadlineNs >= 0) {
        throw silent(null);
      }
      records.forEach(each);
    }
  }

  private boolean reached(Map<TopicPartition, Long> ends) {
    ends.entrySet().removeIf(end -> consumer.position(end.getKey(), patience) >= end.getValue());
    return ends.isEmpty();
  }

  private interface Asked<T> {
    T ask();
  }

  private <T> T answered(Asked<T> question) {
    try {
      return question.ask();
    } catch (RetriableException e) { // a timeout, mostly
      throw silent(e);
    }
  }

  private KafkaUnavailableException silent(Throwable cause) {
    return new KafkaUnavailableException(
        "no Kafka broker answers [bootstrap=%s] [waited=%d s]"
            .formatted(bootstrapServers, patience.toSeconds()),
        cause);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
