package io.dmascope.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Violation;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.CaptureRecord;
import io.dmascope.schemas.codec.CaptureRecordCodec;
import io.dmascope.schemas.codec.DeviceSummaryCodec;
import io.dmascope.schemas.codec.MappingChunkEncoder;
import io.dmascope.schemas.codec.ViolationCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class AnalyticsServiceTest {
  private static final Topics TOPICS = Topics.DEFAULT;
  private static final RuleCoverage COVERAGE = new RuleCoverage(List.of("DMA-MAP-001"), List.of());

  private final AnalyticsState state = new AnalyticsState(new AnalyticsLimits(2, 8, 8, 16));
  private final RefusingConsumer consumer = new RefusingConsumer();
  private final Map<TopicPartition, List<byte[]>> log = new HashMap<>();

  AnalyticsServiceTest() {
    for (String topic :
        List.of(
            TOPICS.captures(),
            TOPICS.violations(),
            TOPICS.summaries(),
            TOPICS.mappings(),
            TOPICS.quarantine())) {
      consumer.updatePartitions(topic, List.of(new PartitionInfo(topic, 0, null, null, null)));
      log.put(new TopicPartition(topic, 0), new ArrayList<>());
    }
  }

  @Test
  void everyTopic_feedsTheAggregates() {
    put(TOPICS.captures(), started("rig1"));
    put(TOPICS.violations(), ViolationCodec.encode("rig1", violation()));
    put(TOPICS.summaries(), DeviceSummaryCodec.encode("rig1", summary()));
    put(TOPICS.mappings(), mappings("rig1", 3));
    put(TOPICS.captures(), ended("rig1"));

    runUntilCaughtUp();

    CaptureAggregate capture = state.captures().named("rig1").orElseThrow();
    assertThat(capture.facts()).isPresent();
    assertThat(capture.ended()).isTrue();
    assertThat(capture.eventsReplayed()).isEqualTo(100);
    assertThat(capture.input(InputCounts::lost)).isEqualTo(3);
    assertThat(capture.findings()).hasSize(1);
    assertThat(capture.devices())
        .singleElement()
        .satisfies(device -> assertThat(device.lifetimes().count()).isEqualTo(3));
    assertThat(state.consumedByTopic()).containsEntry(TOPICS.captures(), 2L);
  }

  @Test
  void undecodableRecord_isCountedAndTheRestIsRead() {
    put(TOPICS.violations(), new byte[] {1, 2, 3});
    put(TOPICS.violations(), ViolationCodec.encode("rig1", violation()));
    put(TOPICS.captures(), new byte[] {9});

    runUntilCaughtUp();

    assertThat(state.quarantinedByTopic())
        .containsEntry(TOPICS.violations(), 1L)
        .containsEntry(TOPICS.captures(), 1L);
    assertThat(state.captures().named("rig1").orElseThrow().page().report().findings()).hasSize(1);
  }

  @Test
  void tombstone_isPassedOver() {
    put(TOPICS.summaries(), null);

    runUntilCaughtUp();

    assertThat(state.quarantinedByTopic()).containsEntry(TOPICS.summaries(), 0L);
  }

  @Test
  void quarantinedRecord_isCountedForTheTopicItCameFrom() {
    put(TOPICS.quarantine(), new byte[] {1});
    put(TOPICS.quarantine(), null); // events that never came

    runUntilCaughtUp();

    assertThat(state.quarantinedByTopic()).containsEntry(TOPICS.events(), 2L);
  }

  @Test
  void historyOfOldEndedCaptures_doesNotPushOutTheNewest() {
    for (int i = 1; i <= 4; i++) {
      put(TOPICS.captures(), started("rig" + i));
      put(TOPICS.captures(), ended("rig" + i));
    }
    for (int i = 4; i >= 1; i--) {
      put(TOPICS.violations(), ViolationCodec.encode("rig" + i, violation()));
    }

    runUntilCaughtUp();

    assertThat(state.captures().all())
        .extracting(CaptureAggregate::label)
        .containsExactlyInAnyOrder("rig3", "rig4");
    assertThat(state.captures().named("rig4").orElseThrow().findings()).hasSize(1);
    assertThat(state.captures().retired()).isZero();
  }

  @Test
  void refusedPassword_endsTheServiceWithAReason() {
    consumer.setPollException(new SaslAuthenticationException("wrong password"));
    beginningsAndEnds();
    AnalyticsService service = service();

    service.run();

    assertThat(service.failure())
        .hasValueSatisfying(failure -> assertThat(failure).hasMessage("wrong password"));
    assertThat(state.caughtUp()).isFalse();
  }

  @Test
  void silentKafka_isTold() {
    consumer.answersMax = 2; // to where the topics end, at the start
    long beforeNs = System.nanoTime();

    runUntilCaughtUp();

    assertThat(state.kafka().hasKafka()).isTrue();
    assertThat(state.kafka().sinceNs().orElseThrow() - beforeNs).isNotNegative();
  }

  @Test
  void kafkaThatAnswers_isNotSilent() {
    runUntilCaughtUp();

    assertThat(state.kafka().durationNs(System.nanoTime())).hasValue(0);
  }

  @Test
  void serviceClosedBeforeItRan_neverRuns() {
    AnalyticsService service = service();
    service.close();
    service.run();

    assertThat(service.failure()).isEmpty();
    assertThat(consumer.closed()).isTrue();
  }

  /**
   * The mock gives records to an assignment only, so each poll brings whatever the log holds behind
   * the position; the poll after the last record ends the service.
   */
  private void runUntilCaughtUp() {
    beginningsAndEnds();
    AnalyticsService service = service();
    consumer.schedulePollTask(() -> deliver(TOPICS.captures()));
    consumer.schedulePollTask(() -> log.keySet().forEach(partition -> deliver(partition.topic())));
    consumer.schedulePollTask(() -> {});
    consumer.schedulePollTask(consumer::wakeup);
    service.run();
    assertThat(state.caughtUp()).isTrue();
  }

  private void beginningsAndEnds() {
    Map<TopicPartition, Long> beginnings = new HashMap<>();
    Map<TopicPartition, Long> ends = new HashMap<>();
    log.forEach(
        (partition, values) -> {
          beginnings.put(partition, 0L);
          ends.put(partition, (long) values.size());
        });
    consumer.updateBeginningOffsets(beginnings);
    consumer.updateEndOffsets(ends);
  }

  private void deliver(String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    List<byte[]> values = log.get(partition);
    for (int offset = 0; offset < values.size(); offset++) {
      consumer.addRecord(new ConsumerRecord<>(topic, 0, offset, new byte[0], values.get(offset)));
    }
  }

  private void put(String topic, byte[] value) {
    log.get(new TopicPartition(topic, 0)).add(value);
  }

  private AnalyticsService service() {
    AnalyticsConfig config =
        new AnalyticsConfig("localhost:9092", Map.of(), TOPICS, Optional.empty());
    return new AnalyticsService(config, state, consumer, Optional.empty());
  }

  /** Tells so often where partitions end, then no more. */
  private static final class RefusingConsumer extends MockConsumer<byte[], byte[]> {
    private int answersMax = Integer.MAX_VALUE;
    private int answers;

    RefusingConsumer() {
      super("earliest");
    }

    @Override
    public synchronized Map<TopicPartition, Long> endOffsets(
        Collection<TopicPartition> partitions, Duration timeout) {
      if (answers == answersMax) {
        throw new TimeoutException("no answer");
      }
      answers++;
      return super.endOffsets(partitions, timeout);
    }
  }

  private static byte[] started(String captureId) {
    return CaptureRecordCodec.encode(
        new CaptureRecord.Started(
            new CaptureFacts(captureId, "trace.dat", "trace.dat", "6.12", "local", true)));
  }

  private static byte[] ended(String captureId) {
    return CaptureRecordCodec.encode(
        new CaptureRecord.Ended(captureId, new InputCounts(120, 100, 98, 20, 2, 3), COVERAGE, 99));
  }

  private static DeviceSummary summary() {
    return new DeviceSummary("nvme0", 5_000, 50, 7, 8, 9, 2, 0, 0, 0, 0, 0, 0, 0);
  }

  private static byte[] mappings(String captureId, int count) {
    MappingChunkEncoder chunk = new MappingChunkEncoder(captureId);
    SampleFeed feed = new SampleFeed(new AnalyticsState(), "x");
    for (int i = 0; i < count; i++) {
      chunk.add(feed.lifecycle("nvme0", 5_000));
    }
    return chunk.finish();
  }

  private static Violation violation() {
    return new SampleFeed(new AnalyticsState(), "x")
        .violation("DMA-MAP-001", Severity.ERROR, Confidence.CERTAIN, "nvme0");
  }
}
