package io.dmascope.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.schemas.QuarantineHeaders;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.CaptureRecord;
import io.dmascope.schemas.codec.CaptureRecordCodec;
import io.dmascope.schemas.codec.EventChunkEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReplayTopologyTest {
  private static final InputCounts INPUT = new InputCounts(12, 10, 9, 2, 1, 0);

  @TempDir Path stateDir;
  private final ReplayCounters counters = new ReplayCounters();
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> events;

  @BeforeEach
  void start() {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    driver =
        new TopologyTestDriver(
            ReplayTopology.build(Topics.DEFAULT, true, (_, _) -> {}, counters), properties);
    events =
        driver.createInputTopic(
            Topics.DEFAULT.events(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void endedCapture_isReportedOnce() throws Exception {
    publish("rig", capture(8), 3);

    List<TestRecord<byte[], byte[]>> captures = read(Topics.DEFAULT.captures());
    assertThat(captures).hasSize(1);
    assertThat(captures.getFirst().key()).isEqualTo(Topics.captureResultKey("rig"));
    CaptureRecord.Ended ended =
        (CaptureRecord.Ended) CaptureRecordCodec.decode(captures.getFirst().value());
    assertThat(ended.input()).isEqualTo(INPUT);
    assertThat(ended.lastSequence()).isEqualTo(9);
    assertThat(counters.capturesEnded()).isEqualTo(1);
    assertThat(counters.capturesOpen()).isZero();
  }

  @Test
  void repeatedChunks_areCountedAndPassedOver() {
    List<TraceEvent> capture = capture(8);
    publish("rig", capture.subList(0, 6), 3);
    publish("rig", capture.subList(3, 10), 4);
    publish("rig", capture, 3);

    assertThat(counters.events()).isEqualTo(10);
    assertThat(counters.repeatedEvents()).isEqualTo(3 + 10);
    assertThat(counters.missingEvents()).isZero();
    assertThat(read(Topics.DEFAULT.captures())).hasSize(1);
    assertThat(read(Topics.DEFAULT.quarantine())).isEmpty();
  }

  @Test
  void undecodableRecord_goesToQuarantineAsItCame() {
    byte[] key = "who".getBytes(UTF_8);
    byte[] value = "{\"not\": \"ours\"}".getBytes(UTF_8);
    publish("rig", capture(8).subList(0, 3), 3);
    events.pipeInput(key, value);

    TestRecord<byte[], byte[]> quarantined = read(Topics.DEFAULT.quarantine()).getFirst();
    assertThat(quarantined.key()).isEqualTo(key);
    assertThat(quarantined.value()).isEqualTo(value);
    assertThat(header(quarantined, QuarantineHeaders.REASON)).contains("marker");
    assertThat(header(quarantined, QuarantineHeaders.TOPIC)).isEqualTo("dmascope.events");
    assertThat(header(quarantined, QuarantineHeaders.PARTITION)).isEqualTo("0");
    assertThat(header(quarantined, QuarantineHeaders.OFFSET)).isEqualTo("1");
  }

  @Test
  void recordWithoutValue_goesToQuarantine() {
    events.pipeInput(new TestRecord<>("rig".getBytes(UTF_8), (byte[]) null));

    assertThat(header(read(Topics.DEFAULT.quarantine()).getFirst(), QuarantineHeaders.REASON))
        .isEqualTo("has no value");
  }

  @Test
  void chunkUnderAnotherCapturesKey_goesToQuarantine() {
    events.pipeInput(Topics.captureKey("other"), chunk("rig", capture(8).subList(0, 3)));

    assertThat(header(read(Topics.DEFAULT.quarantine()).getFirst(), QuarantineHeaders.REASON))
        .contains("[key=other] [capture=rig]");
    assertThat(counters.events()).isZero();
  }

  @Test
  void missingChunk_isToldAndTheRestIsReplayed() {
    List<TraceEvent> capture = capture(8);
    publish("rig", capture.subList(0, 3), 3);
    publish("rig", capture.subList(5, 10), 5);

    TestRecord<byte[], byte[]> told = read(Topics.DEFAULT.quarantine()).getFirst();
    assertThat(told.key()).isEqualTo(Topics.captureKey("rig"));
    assertThat(told.value()).isNull();
    assertThat(header(told, QuarantineHeaders.REASON)).contains("[firstSequence=3] [count=2]");
    assertThat(counters.missingEvents()).isEqualTo(2);
    assertThat(counters.events()).isEqualTo(8);
    assertThat(counters.capturesEnded()).isEqualTo(1);
  }

  @Test
  void eventsAfterTheEnd_goToQuarantine() {
    List<TraceEvent> capture = capture(8);
    publish("rig", capture, 10);
    publish("rig", List.of(map(10)), 1);

    assertThat(header(read(Topics.DEFAULT.quarantine()).getFirst(), QuarantineHeaders.REASON))
        .contains("follow the end of their capture");
    assertThat(counters.capturesOpen()).isZero();
  }

  @Test
  void interleavedCaptures_doNotTouchEachOther() {
    List<TraceEvent> capture = capture(8);
    publish("rig-1", capture.subList(0, 5), 5);
    publish("rig-2", capture.subList(0, 7), 7);
    publish("rig-1", capture.subList(5, 10), 5);

    assertThat(counters.events()).isEqualTo(17);
    assertThat(counters.missingEvents()).isZero();
    assertThat(counters.capturesEnded()).isEqualTo(1);
    assertThat(counters.capturesOpen()).isEqualTo(1);
  }

  @Test
  void endedCapture_leavesOneRowInTheChangelog() {
    publish("rig", capture(8), 3);

    var changelog = new java.util.TreeMap<String, byte[]>();
    for (TestRecord<byte[], byte[]> row : read("test-model-pages-changelog")) {
      String key = PageKey.of(org.apache.kafka.common.utils.Bytes.wrap(row.key())).toString();
      if (row.value() == null) {
        changelog.remove(key);
      } else {
        changelog.put(key, row.value());
      }
    }
    assertThat(changelog.keySet())
        .containsExactly(new PageKey("rig", PageKey.ENDED_TABLE, 0).toString());
  }

  /** A start, {@code middle} maps and unmaps in turn, an end. */
  private static List<TraceEvent> capture(int middle) {
    List<TraceEvent> capture = new ArrayList<>();
    capture.add(
        new CaptureStart(at(0), new CaptureFacts("rig", "t.txt", "ftrace-text", "", "", false)));
    for (int i = 1; i <= middle; i++) {
      capture.add(i % 2 == 1 ? map(i) : unmap(i));
    }
    capture.add(new CaptureEnd(at(middle + 1), INPUT));
    return capture;
  }

  private static DmaMap map(long sequence) {
    return new DmaMap(
        at(sequence), "nvme", MapApi.PAGE, DmaDirection.TO_DEVICE, 0x1000, 512, 0x9000, 0);
  }

  private static DmaUnmap unmap(long sequence) {
    return new DmaUnmap(at(sequence), "nvme", MapApi.PAGE, DmaDirection.TO_DEVICE, 0x1000, 512, 0);
  }

  private static EventHeader at(long sequence) {
    return new EventHeader(sequence, 1000 * sequence, 0, 1, "fio", sequence);
  }

  private void publish(String captureId, List<TraceEvent> list, int chunkEvents) {
    for (int i = 0; i < list.size(); i += chunkEvents) {
      events.pipeInput(
          Topics.captureKey(captureId),
          chunk(captureId, list.subList(i, Math.min(list.size(), i + chunkEvents))));
    }
  }

  private static byte[] chunk(String captureId, List<TraceEvent> list) {
    EventChunkEncoder encoder = new EventChunkEncoder(captureId);
    list.forEach(encoder::add);
    return encoder.finish();
  }

  private List<TestRecord<byte[], byte[]>> read(String topic) {
    TestOutputTopic<byte[], byte[]> output =
        driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    return output.readRecordsToList();
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
