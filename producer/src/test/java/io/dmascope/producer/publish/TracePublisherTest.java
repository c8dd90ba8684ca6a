package io.dmascope.producer.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.CaptureRecord;
import io.dmascope.schemas.codec.CaptureRecordCodec;
import io.dmascope.schemas.codec.EventChunk;
import io.dmascope.schemas.codec.EventChunkDecoder;
import io.dmascope.schemas.codec.UndecodableRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

final class TracePublisherTest {
  private static final CaptureFacts FACTS =
      new CaptureFacts("rig", "t.txt", "ftrace-text", "6.12", "local", false);

  private final MockProducer<byte[], byte[]> kafka = producer(true);
  private final List<PublishCounts> progress = new ArrayList<>();
  private Optional<EventChunk> published = Optional.empty();
  private long nowNs = 5_000_000_000L;

  @Test
  void events_travelInChunksUnderTheCapturesKey() throws Exception {
    List<TraceEvent> capture = capture(10);
    publish(publisher(4), capture);

    List<EventChunk> chunks = chunks();
    assertThat(chunks).extracting(chunk -> chunk.events().size()).containsExactly(4, 4, 4);
    assertThat(chunks.stream().flatMap(chunk -> chunk.events().stream())).isEqualTo(capture);
    assertThat(events()).allMatch(record -> new String(record.key(), UTF_8).equals("rig"));
  }

  @Test
  void captureFacts_goToTheCapturesTopicFirst() throws Exception {
    publish(publisher(4), capture(1));

    ProducerRecord<byte[], byte[]> first = kafka.history().getFirst();
    assertThat(first.topic()).isEqualTo(Topics.DEFAULT.captures());
    assertThat(first.key()).isEqualTo(Topics.captureInfoKey("rig"));
    assertThat(CaptureRecordCodec.decode(first.value()))
        .isEqualTo(new CaptureRecord.Started(FACTS));
  }

  @Test
  void fullChunk_isClosedByItsBytes() throws Exception {
    List<TraceEvent> capture = new ArrayList<>(capture(0));
    capture.add(1, new Marker(at(1), "x".repeat(70_000)));
    capture.set(2, new CaptureEnd(at(2), InputCounts.NONE));
    publish(publisher(100), capture);

    assertThat(chunks()).extracting(chunk -> chunk.events().size()).containsExactly(2, 1);
  }

  @Test
  void waitingEvent_isSentWithinTheLinger() throws Exception {
    TracePublisher publisher = publisher(100);
    publisher.event(capture(5).getFirst());
    publisher.closeRipeChunk();
    assertThat(chunks()).isEmpty();

    nowNs += 800_000_000L;
    publisher.closeRipeChunk();
    assertThat(chunks()).hasSize(1);
  }

  @Test
  void resumedCapture_skipsWhatTheTopicHas() throws Exception {
    List<TraceEvent> capture = capture(10);
    published = Optional.of(new EventChunk("rig", 3, capture.subList(3, 6)));
    TracePublisher publisher = publisher(100);
    publish(publisher, capture);

    assertThat(chunks()).hasSize(1);
    assertThat(chunks().getFirst().events()).isEqualTo(capture.subList(6, 12));
    assertThat(publisher.counts().skippedEvents()).isEqualTo(6);
    assertThat(publisher.counts().events()).isEqualTo(6);
  }

  @Test
  void completeCapture_isNotSentAgain() throws Exception {
    List<TraceEvent> capture = capture(10);
    published = Optional.of(new EventChunk("rig", 8, capture.subList(8, 12)));
    publish(publisher(100), capture);

    assertThat(chunks()).isEmpty();
  }

  @Test
  void otherRecordingUnderTheSameId_isRefused() {
    published = Optional.of(new EventChunk("rig", 2, List.of(new Marker(at(2), "another"))));
    TracePublisher publisher = publisher(100);

    assertThatThrownBy(() -> publish(publisher, capture(10)))
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("another recording was published under this capture id")
        .hasMessageContaining("[capture=rig] [sequence=2]");
  }

  @Test
  void shorterRecordingUnderTheSameId_isRefused() {
    published = Optional.of(new EventChunk("rig", 50, List.of(new Marker(at(50), "later"))));
    TracePublisher publisher = publisher(100);

    assertThatThrownBy(() -> publish(publisher, capture(10)))
        .isInstanceOf(PublishException.class)
        .hasMessageContaining("[sequence=11]");
  }

  @Test
  void gapInTheSequences_startsANewChunk() throws Exception {
    TracePublisher publisher = publisher(100);
    publisher.event(capture(0).getFirst());
    publisher.event(new Marker(at(7), "later"));
    publisher.close();

    assertThat(chunks()).extracting(EventChunk::firstSequence).containsExactly(0L, 7L);
  }

  @Test
  void refusedRecord_stopsThePublicationWithASentence() {
    MockProducer<byte[], byte[]> broken = producer(false);
    TracePublisher publisher = publisher(broken, 1);
    publisher.event(capture(3).get(0));
    broken.errorNext(new TimeoutException("no leader"));

    assertThatThrownBy(() -> publisher.event(capture(3).get(1)))
        .isInstanceOf(PublishException.class)
        .hasMessage("Kafka did not take a record [bootstrap=kafka:9092] [cause=no leader]");
  }

  @Test
  void progress_tellsEventsBytesAndPlace() throws Exception {
    TracePublisher publisher = publisher(4);
    publisher.issue(new TraceIssue(TraceIssue.Kind.LINE_TOO_BIG, 1, "cut", ""));
    publish(publisher, capture(10));

    PublishCounts last = progress.getLast();
    assertThat(last.events()).isEqualTo(12);
    assertThat(last.records()).isEqualTo(3);
    assertThat(last.issues()).isEqualTo(1);
    assertThat(last.place()).isEqualTo(22);
    assertThat(last.bytes())
        .isEqualTo(events().stream().mapToLong(record -> record.value().length).sum());
  }

  @Test
  void config_namesTheFieldThatIsWrong() {
    assertThatThrownBy(() -> PublisherConfig.of("kafka:9092").withCompression("rar"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("compression must be zstd, lz4, snappy, gzip or none [value=rar]");
    assertThatThrownBy(() -> PublisherConfig.of(" "))
        .hasMessage("bootstrapServers must be host:port[,...] [value= ]");
    assertThatThrownBy(() -> PublisherConfig.of("kafka:9092").withChunkEventsMax(0))
        .hasMessageContaining("chunkEventsMax must be 1 to 100000");
  }

  private static final java.nio.charset.Charset UTF_8 = java.nio.charset.StandardCharsets.UTF_8;

  private static MockProducer<byte[], byte[]> producer(boolean autoComplete) {
    return new MockProducer<>(
        autoComplete, null, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private TracePublisher publisher(int chunkEvents) {
    return publisher(kafka, chunkEvents);
  }

  private TracePublisher publisher(MockProducer<byte[], byte[]> producer, int chunkEvents) {
    return new TracePublisher(
        PublisherConfig.of("kafka:9092").withChunkEventsMax(chunkEvents),
        producer,
        captureId -> published,
        progress::add,
        () -> nowNs);
  }

  private static void publish(TracePublisher publisher, List<TraceEvent> capture) {
    try (publisher) {
      capture.forEach(publisher::event);
    }
  }

  private static List<TraceEvent> capture(int middle) {
    List<TraceEvent> capture = new ArrayList<>();
    capture.add(new CaptureStart(at(0), FACTS));
    for (int i = 1; i <= middle; i++) {
      capture.add(new Marker(at(i), "step " + i));
    }
    capture.add(new CaptureEnd(at(middle + 1), InputCounts.NONE));
    return capture;
  }

  private static EventHeader at(long sequence) {
    return new EventHeader(sequence, 1000 * sequence, 0, 1, "sh", 2 * sequence);
  }

  private List<ProducerRecord<byte[], byte[]>> events() {
    return kafka.history().stream()
        .filter(record -> record.topic().equals(Topics.DEFAULT.events()))
        .toList();
  }

  private List<EventChunk> chunks() throws UndecodableRecordException {
    List<EventChunk> chunks = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : events()) {
      chunks.add(EventChunkDecoder.decode(record.value()));
    }
    return chunks;
  }
}
