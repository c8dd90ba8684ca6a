package io.dmascope.analytics.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.dmascope.analytics.report.Finding;
import io.dmascope.analytics.report.FindingReport;
import io.dmascope.analytics.report.Grouping;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Verdict;
import io.dmascope.model.finding.Violation;
import io.dmascope.schemas.KafkaUnavailableException;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.CaptureRecord;
import io.dmascope.schemas.codec.CaptureRecordCodec;
import io.dmascope.schemas.codec.ViolationCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class FindingsReaderTest {
  private static final Topics TOPICS = Topics.DEFAULT;
  private static final TopicPartition CAPTURES = new TopicPartition(TOPICS.captures(), 0);
  private static final TopicPartition VIOLATIONS = new TopicPartition(TOPICS.violations(), 0);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");

  @Test
  void capture_isPutTogetherFromItsTopics() {
    holds(
        List.of(started("a"), ended("a")),
        List.of(violation("a", 1), violation("other", 2), violation("a", 3)));

    List<ReplayedCapture> captures = read();

    assertThat(captures).singleElement().returns(true, ReplayedCapture::ended);
    assertThat(captures.getFirst().report().findings()).singleElement().returns(2L, Finding::count);
    assertThat(captures.getFirst().report().input().lines()).isEqualTo(10);
  }

  @Test
  void captureWithoutEnd_isStillReplayed() {
    holds(List.of(started("b"), started("a"), ended("a")), List.of());

    assertThat(read())
        .extracting(ReplayedCapture::captureId, ReplayedCapture::ended)
        .containsExactly(tuple("a", true), tuple("b", false));
  }

  @Test
  void recordThatIsNotOurs_isCountedAndPassedOver() {
    holds(List.of(started("a")), List.of(new byte[] {1, 2, 3}, violation("a", 1)));

    FindingsReader reader = reader();

    assertThat(
            reader
                .read(() -> new FindingReport(Grouping.CAUSE), _ -> true)
                .getFirst()
                .report()
                .hasFindings())
        .isTrue();
    assertThat(reader.undecodable()).isEqualTo(1);
  }

  @Test
  void missingTopic_isASentence() {
    assertThatThrownBy(this::read)
        .isInstanceOf(KafkaUnavailableException.class)
        .hasMessageStartingWith("Kafka has no topic dmascope.captures");
  }

  private List<ReplayedCapture> read() {
    return reader().read(() -> new FindingReport(Grouping.CAUSE), _ -> true);
  }

  private FindingsReader reader() {
    return new FindingsReader("test:9092", TOPICS, Duration.ofSeconds(1), consumer);
  }

  private void holds(List<byte[]> captures, List<byte[]> violations) {
    topic(CAPTURES, captures.size());
    topic(VIOLATIONS, violations.size());
    consumer.schedulePollTask(() -> add(CAPTURES, captures));
    consumer.schedulePollTask(() -> add(VIOLATIONS, violations));
  }

  private void topic(TopicPartition partition, long end) {
    Node node = new Node(0, "test", 9092);
    consumer.updatePartitions(
        partition.topic(),
        List.of(
            new PartitionInfo(partition.topic(), 0, node, new Node[] {node}, new Node[] {node})));
    consumer.updateBeginningOffsets(Map.of(partition, 0L));
    consumer.updateEndOffsets(Map.of(partition, end));
  }

  private void add(TopicPartition partition, List<byte[]> values) {
    if (!consumer.assignment().contains(partition)) {
      consumer.schedulePollTask(() -> add(partition, values));
      return;
    }
    for (int offset = 0; offset < values.size(); offset++) {
      consumer.addRecord(
          new ConsumerRecord<>(partition.topic(), 0, offset, new byte[0], values.get(offset)));
    }
  }

  private static byte[] started(String captureId) {
    return CaptureRecordCodec.encode(
        new CaptureRecord.Started(
            new CaptureFacts(captureId, "trace.txt", "ftrace-text", "6.12", "local", false)));
  }

  private static byte[] ended(String captureId) {
    return CaptureRecordCodec.encode(
        new CaptureRecord.Ended(
            captureId,
            new InputCounts(10, 8, 8, 2, 0, 0),
            new RuleCoverage(List.of("DMA-MAP-001"), List.of()),
            9));
  }

  private static byte[] violation(String captureId, long sequence) {
    return ViolationCodec.encode(
        captureId,
        new Violation(
            "DMA-MAP-001",
            Severity.ERROR,
            Verdict.CERTAIN,
            "nvme",
            0x1000,
            4096,
            DmaDirection.TO_DEVICE,
            new EventRef(sequence, sequence, 0, 1, "sh", sequence),
            "unmaps what is not mapped",
            List.of()));
  }
}
