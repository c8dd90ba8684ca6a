package io.dmascope.replay;

import io.dmascope.schemas.KafkaUnavailableException;
import io.dmascope.schemas.TopicScan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Reads the events topic from its beginning to where the engine's group has committed. */
final class EventsArchive implements Archive {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Map<String, String> connection;
  private final String topic;
  private final String group;

  EventsArchive(Map<String, String> connection, String topic, String group) {
    this.connection = Map.copyOf(connection);
    this.topic = topic;
    this.group = group;
  }

  @Override
  public void readCommitted(int number, Consumer<byte[]> each) {
    TopicPartition partition = new TopicPartition(topic, number);
    long committed = committed(partition);
    try (TopicScan scan = new TopicScan(connection, PATIENCE)) {
      long first = scan.beginnings(List.of(partition)).get(partition);
      if (first < committed) {
        scan.read(partition, first, committed, record -> each.accept(record.value()));
      }
    }
  }

  /** Stable: an offset whose transaction is still open is waited for. */
  private long committed(TopicPartition partition) {
    try (Admin admin = Admin.create(Map.copyOf(connection))) {
      OffsetAndMetadata offset =
          admin
              .listConsumerGroupOffsets(
                  Map.of(
                      group, new ListConsumerGroupOffsetsSpec().topicPartitions(Set.of(partition))),
                  new ListConsumerGroupOffsetsOptions().requireStable(true))
              .partitionsToOffsetAndMetadata(group)
              .get()
              .get(partition);
      return offset == null ? 0 : offset.offset();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaUnavailableException("interrupted while waiting for Kafka", e);
    } catch (ExecutionException e) {
      throw new KafkaUnavailableException(
          "Kafka does not tell what the engine has committed [group=%s] [cause=%s]"
              .formatted(group, e.getCause().getMessage()),
          e);
    }
  }
}
