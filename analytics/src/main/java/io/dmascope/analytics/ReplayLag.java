package io.dmascope.analytics;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/** How many records of the events topic the replay engine has not committed. */
final class ReplayLag implements AutoCloseable {
  private static final int TIMEOUT_MS = 2_000;

  private final Admin admin;
  private final String engineGroup;
  private final String eventsTopic;

  ReplayLag(Admin admin, String engineGroup, String eventsTopic) {
    this.admin = admin;
    this.engineGroup = engineGroup;
    this.eventsTopic = eventsTopic;
  }

  /** Asks the broker; empty where it does not answer in time or knows no such topic. */
  OptionalLong records() throws InterruptedException {
    try {
      List<TopicPartition> partitions = partitions();
      Map<TopicPartition, Long> ends = ends(partitions);
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(engineGroup)
              .partitionsToOffsetAndMetadata()
              .get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
      return OptionalLong.of(
          partitions.stream().mapToLong(p -> behind(ends.get(p), committed.get(p))).sum());
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      return OptionalLong
          .empty(); // the metric keeps its last value; reading itself reports trouble
    }
  }

  private static long behind(long end, OffsetAndMetadata committed) {
    return committed == null ? end : Math.max(0, end - committed.offset());
  }

  private List<TopicPartition> partitions()
      throws InterruptedException, ExecutionException, TimeoutException {
    return admin
        .describeTopics(List.of(eventsTopic))
        .allTopicNames()
        .get(TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .get(eventsTopic)
        .partitions()
        .stream()
        .map(TopicPartitionInfo::partition)
        .map(partition -> new TopicPartition(eventsTopic, partition))
        .toList();
  }

  private Map<TopicPartition, Long> ends(List<TopicPartition> partitions)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin
        .listOffsets(latest)
        .all()
        .get(TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .forEach((partition, end) -> ends.put(partition, end.offset()));
    return ends;
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
