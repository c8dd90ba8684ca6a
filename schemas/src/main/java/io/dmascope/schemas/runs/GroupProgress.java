package io.dmascope.schemas.runs;

import io.dmascope.schemas.KafkaUnavailableException;
import io.dmascope.schemas.TopicScan;
import io.dmascope.schemas.codec.RunRecord;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a consumer group has come with a topic.
 *
 * @param records that the topic holds
 * @param done of those, committed
 */
public record GroupProgress(long records, long done) {

  /**
   * Asks Kafka.
   *
   * @throws KafkaUnavailableException where it does not answer
   */
  public static GroupProgress of(
      Map<String, String> connection, TopicScan scan, String topic, String group, Duration wait) {
    List<TopicPartition> partitions = scan.partitions(topic);
    Map<TopicPartition, Long> starts = scan.beginnings(partitions);
    Map<TopicPartition, Long> ends = scan.ends(partitions);
    Map<TopicPartition, OffsetAndMetadata> committed = committed(connection, group, wait);
    long records = 0;
    long done = 0;
    for (TopicPartition partition : partitions) {
      long start = starts.get(partition);
      records += ends.get(partition) - start;
      OffsetAndMetadata offset = committed.get(partition);
      done += offset == null ? 0 : Math.max(0, offset.offset() - start);
    }
    return new GroupProgress(records, done);
  }

  /**
   * The replay as far as its group has come.
   *
   * @throws KafkaUnavailableException where Kafka does not answer
   */
  public static RunRecord of(Map<String, String> connection, RunRecord replay, Duration wait) {
    return committed(connection, replay.group(), wait).values().stream()
        .filter(offset -> offset != null && !offset.metadata().isEmpty())
        .map(offset -> replay.withProgress(offset.metadata()))
        .max(Comparator.comparingLong(RunRecord::updatedMs))
        .orElse(replay);
  }

  private static Map<TopicPartition, OffsetAndMetadata> committed(
      Map<String, String> connection, String group, Duration wait) {
    Map<String, Object> settings = new HashMap<>(connection);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(wait.toMillis()));
    settings.put(
        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
        Math.toIntExact(Math.min(5_000, wait.toMillis())));
    try (Admin admin = Admin.create(settings)) {
      return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaUnavailableException("interrupted while waiting for Kafka", e);
    } catch (ExecutionException e) {
      throw new KafkaUnavailableException(
          "Kafka does not tell the progress [group=%s] [cause=%s]"
              .formatted(group, e.getCause().getMessage()),
          e);
    }
  }
}
