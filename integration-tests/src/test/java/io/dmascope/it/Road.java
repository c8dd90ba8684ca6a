package io.dmascope.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.model.finding.Violation;
import io.dmascope.producer.publish.PublishProgress;
import io.dmascope.producer.publish.PublisherConfig;
import io.dmascope.producer.publish.TracePublisher;
import io.dmascope.replay.ReplayConfig;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.CaptureRecord;
import io.dmascope.schemas.codec.CaptureRecordCodec;
import io.dmascope.schemas.codec.DeviceSummaryCodec;
import io.dmascope.schemas.codec.MappingChunkDecoder;
import io.dmascope.schemas.codec.UndecodableRecordException;
import io.dmascope.schemas.codec.ViolationCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * One installation of topics on a broker, and what can be seen at both of its ends.
 *
 * @param bootstrapServers where the broker is
 * @param topics of this test alone
 */
record Road(String bootstrapServers, Topics topics) {
  static final int PARTITIONS = 3;
  private static final Duration POLL = Duration.ofMillis(100);

  /** The engine's settings: it commits often and gives up on the dead soon. */
  ReplayConfig engine(Path stateDir) {
    return ReplayConfig.of(bootstrapServers, stateDir)
        .withApplicationId(topics.prefix() + "engine")
        .withTopics(topics, PARTITIONS)
        .withCommitInterval(Duration.ofMillis(200))
        .withKafka("consumer.session.timeout.ms", "2000")
        .withKafka("consumer.heartbeat.interval.ms", "300")
        .withKafka("producer.transaction.timeout.ms", "2000");
  }

  PublisherConfig publisher() {
    return PublisherConfig.of(bootstrapServers)
        .withTopics(topics, PARTITIONS)
        .withChunkEventsMax(100);
  }

  /** Publishes captures, or what there is of them, one after the other. */
  void publish(Collection<List<TraceEvent>> captures) {
    try (TracePublisher publisher = TracePublisher.open(publisher(), PublishProgress.NONE)) {
      captures.forEach(capture -> capture.forEach(publisher::event));
    }
  }

  /** What came out for each capture, in order: the bytes of its findings, read committed. */
  Map<String, List<String>> findings() {
    Map<String, List<String>> findings = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : read(topics.violations(), true)) {
      findings
          .computeIfAbsent(utf8(record.key()), capture -> new ArrayList<>())
          .add(HexFormat.of().formatHex(record.value()));
    }
    return findings;
  }

  /** Closed mappings of each capture, in order. */
  Map<String, List<MappingLifecycle>> mappings() throws UndecodableRecordException {
    Map<String, List<MappingLifecycle>> mappings = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : read(topics.mappings(), true)) {
      mappings
          .computeIfAbsent(utf8(record.key()), capture -> new ArrayList<>())
          .addAll(MappingChunkDecoder.decode(record.value()).value());
    }
    return mappings;
  }

  /** The latest summary of each device of each capture. */
  Map<String, DeviceSummary> summaries() throws UndecodableRecordException {
    Map<String, DeviceSummary> summaries = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : read(topics.summaries(), true)) {
      summaries.put(utf8(record.key()), DeviceSummaryCodec.decode(record.value()).value());
    }
    return summaries;
  }

  /** Captures that the engine said it had replayed to their ends, as often as it said so. */
  List<CaptureRecord.Ended> endedCaptures() {
    List<CaptureRecord.Ended> ended = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : read(topics.captures(), true)) {
      try {
        if (CaptureRecordCodec.decode(record.value()) instanceof CaptureRecord.Ended end) {
          ended.add(end);
        }
      } catch (UndecodableRecordException e) {
        throw new AssertionError(e);
      }
    }
    return ended;
  }

  void awaitEnded(int captures) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> endedCaptures().size() >= captures);
  }

  /** Waits until the engine has written a finding, committed or not. */
  void awaitMoreFindingsThan(int count) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> read(topics.violations(), false).size() > count);
  }

  List<ConsumerRecord<byte[], byte[]>> read(String topic, boolean committedOnly) {
    Map<String, Object> config =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
            10,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            committedOnly ? "read_committed" : "read_uncommitted");
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(POLL).forEach(records::add);
      }
    }
    return records;
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Holds what came out of Kafka to what the same captures give without it. */
  void assertAsOffline(Map<String, List<TraceEvent>> captures) throws UndecodableRecordException {
    Map<String, List<String>> findings = findings();
    Map<String, List<MappingLifecycle>> mappings = mappings();
    Map<String, DeviceSummary> summaries = new TreeMap<>();
    captures.forEach(
        (captureId, events) -> {
          Offline offline = offline(captureId, events);
          assertThat(offline.findings()).isNotEmpty();
          assertThat(findings.get(captureId)).isEqualTo(offline.findings());
          assertThat(mappings.get(captureId)).isEqualTo(offline.mappings());
          summaries.putAll(offline.summaries());
        });
    assertThat(summaries()).isEqualTo(summaries);
    assertThat(endedCaptures()).hasSize(captures.size());
    assertThat(read(topics.quarantine(), true)).isEmpty();
  }

  /** What the same events give without Kafka. */
  static Offline offline(String captureId, List<TraceEvent> events) {
    Offline offline = new Offline(captureId, new ArrayList<>(), new ArrayList<>(), new TreeMap<>());
    DmaModel model = new DmaModel();
    events.forEach(event -> model.apply(event, offline));
    return offline;
  }

  /** Collects the model's conclusions in the form in which they are found on the topics. */
  record Offline(
      String captureId,
      List<String> findings,
      List<MappingLifecycle> mappings,
      Map<String, DeviceSummary> summaries)
      implements ModelOutput {
    @Override
    public void violation(Violation violation) {
      findings.add(HexFormat.of().formatHex(ViolationCodec.encode(captureId, violation)));
    }

    @Override
    public void lifecycle(MappingLifecycle mapping) {
      mappings.add(mapping);
    }

    @Override
    public void summary(DeviceSummary summary) {
      summaries.put(utf8(Topics.summaryKey(captureId, summary.device())), summary);
    }
  }
}
