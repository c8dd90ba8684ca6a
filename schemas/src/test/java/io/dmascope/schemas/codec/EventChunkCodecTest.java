package io.dmascope.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.TraceEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.avro.Schema;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

final class EventChunkCodecTest {
  @Provide
  Arbitrary<List<TraceEvent>> chunks() {
    return ArbitraryEvents.chunks();
  }

  @Property(tries = 300)
  void decode_ofEncoded_isEqual(@ForAll("chunks") List<TraceEvent> events) throws Exception {
    EventChunk chunk = EventChunkDecoder.decode(encode("rig-1", events));

    assertThat(chunk.captureId()).isEqualTo("rig-1");
    assertThat(chunk.firstSequence()).isEqualTo(events.getFirst().header().sequence());
    assertThat(chunk.events()).isEqualTo(events);
  }

  @Property(tries = 100)
  void encoded_isWhatAvroWrites(@ForAll("chunks") List<TraceEvent> events) throws Exception {
    byte[] ours = encode("rig-1", events);

    assertThat(EventChunkDecoder.FORMAT.encode(EventChunkDecoder.FORMAT.decode(ours)))
        .isEqualTo(ours);
  }

  @Property(tries = 100)
  void decode_ofArraysInBlocks_isEqual(@ForAll("chunks") List<TraceEvent> events) throws Exception {
    byte[] blocks = asBlocks(encode("rig-1", events));

    assertThat(EventChunkDecoder.decode(blocks).events()).isEqualTo(events);
  }

  @Property(tries = 200)
  void decode_ofDamagedBytes_eitherWorksOrSaysWhy(
      @ForAll("chunks") List<TraceEvent> events, @ForAll Random random) {
    byte[] value = encode("rig-1", events);
    for (int i = 0; i < 20; i++) {
      byte[] damaged = Arrays.copyOf(value, value.length - random.nextInt(3));
      for (int hit = 0; hit < 3; hit++) {
        int at = SingleObject.HEADER_BYTES;
        damaged[at + random.nextInt(damaged.length - at)] = (byte) random.nextInt();
      }
      try {
        assertThat(EventChunkDecoder.decode(damaged).events()).isNotEmpty();
      } catch (UndecodableRecordException expected) {
        assertThat(expected.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void head_isReadWithoutTheEvents() throws Exception {
    byte[] value = encode("rig-1", ArbitraryEvents.events(new Random(1), 500, 10));

    assertThat(EventChunkDecoder.head(value)).isEqualTo(new EventChunk.Head("rig-1", 500, 10));
  }

  @Test
  void encoder_afterFinish_startsAfresh() throws Exception {
    List<TraceEvent> events = ArbitraryEvents.events(new Random(2), 0, 44);
    EventChunkEncoder encoder = new EventChunkEncoder("rig-1");
    encodeInto(encoder, ArbitraryEvents.events(new Random(3), 7, 44));

    assertThat(encodeInto(encoder, events)).isEqualTo(encode("rig-1", events));
  }

  @Test
  void encoder_refusesAGap() {
    EventChunkEncoder encoder = new EventChunkEncoder("rig-1");
    encoder.add(marker(3));

    assertThat(encoder.accepts(marker(5))).isFalse();
    assertThatThrownBy(() -> encoder.add(marker(5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[expected=4]");
  }

  @Test
  void decode_ofForeignBytes_saysWhatIsMissing() {
    assertThatThrownBy(
            () ->
                EventChunkDecoder.decode(
                    "{\"a\": 1}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isInstanceOf(UndecodableRecordException.class)
        .hasMessageContaining("marker of Avro's single-object encoding");
  }

  @Test
  void decode_ofNull_saysSo() {
    assertThatThrownBy(() -> EventChunkDecoder.decode(null))
        .isInstanceOf(UndecodableRecordException.class)
        .hasMessageContaining("no value");
  }

  @Test
  void decode_ofUnknownSchema_namesItsFingerprint() {
    byte[] value = encode("rig-1", List.of(marker(0)));
    Arrays.fill(value, 2, SingleObject.HEADER_BYTES, (byte) 0x11);

    assertThatThrownBy(() -> EventChunkDecoder.decode(value))
        .isInstanceOf(UndecodableRecordException.class)
        .hasMessageContaining("[fingerprint=0x1111111111111111]");
  }

  @Test
  void decode_ofHugeLengths_allocatesNothing() {
    ByteWriter hostile = new ByteWriter(64);
    EventChunkDecoder.FORMAT.writeHeader(hostile);
    hostile.writeLong(Integer.MAX_VALUE - 8);

    assertThatThrownBy(() -> EventChunkDecoder.decode(hostile.toByteArray()))
        .isInstanceOf(UndecodableRecordException.class)
        .hasMessageContaining("a length exceeds the record");
  }

  @Test
  void decode_ofOtherEventCountThanAnnounced_isRefused() {
    ByteWriter value = new ByteWriter(64);
    EventChunkDecoder.FORMAT.writeHeader(value);
    value.writeString("rig-1");
    value.writeLong(0);
    value.writeInt(1);
    value.writeLong(0);
    value.writeLong(0);
    value.writeLong(0);

    assertThatThrownBy(() -> EventChunkDecoder.decode(value.toByteArray()))
        .isInstanceOf(UndecodableRecordException.class)
        .hasMessageContaining("[announced=1] [held=0]");
  }

  private static Marker marker(long sequence) {
    return new Marker(new EventHeader(sequence, 0, 0, 1, "sh", 0), "here");
  }

  private static byte[] encode(String captureId, List<TraceEvent> events) {
    return encodeInto(new EventChunkEncoder(captureId), events);
  }

  private static byte[] encodeInto(EventChunkEncoder encoder, List<TraceEvent> events) {
    events.forEach(encoder::add);
    assertThat(encoder.eventCount()).isEqualTo(events.size());
    return encoder.finish();
  }

  /** Rewrites the datum as an encoder does that splits arrays into blocks with byte sizes. */
  private static byte[] asBlocks(byte[] value) throws Exception {
    Schema schema = io.dmascope.schemas.avro.EventChunk.getClassSchema();
    SeekableByteArrayInput bytes =
        new SeekableByteArrayInput(
            Arrays.copyOfRange(value, SingleObject.HEADER_BYTES, value.length));
    Object datum =
        new GenericDatumReader<>(schema)
            .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    out.write(value, 0, SingleObject.HEADER_BYTES);
    var encoder = new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(out, null);
    new GenericDatumWriter<>(schema).write(datum, encoder);
    encoder.flush();
    return out.toByteArray();
  }
}
