package io.dmascope.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.DoubtKind;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Verdict;
import io.dmascope.model.finding.Violation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reads records that earlier builds wrote. A new version adds a record: run with {@code
 * UPDATE_GOLDEN=1} and commit what appears in {@code src/test/records}; what is there is never
 * written again, except for the text of a value that gained a field.
 */
final class OldRecordsTest {
  private static final Path RECORDS = Path.of("src", "test", "records");
  private static final EventRef BIRTH = new EventRef(3, 1_000_000_007L, 1, 42, "fio", 17);
  private static final EventRef END = new EventRef(9, 1_000_400_007L, 0, 0, "swapper/0", 23);

  @FunctionalInterface
  interface Reader {
    Object read(byte[] value) throws UndecodableRecordException;
  }

  /** A topic's record as the present build writes it, and how such records are read. */
  record RecordType(String name, Supplier<byte[]> present, Reader reader) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<RecordType> recordTypes() {
    return List.of(
        new RecordType(
            "EventChunk",
            OldRecordsTest::eventChunk,
            value ->
                EventChunkDecoder.decode(value).events().stream()
                    .map(Object::toString)
                    .collect(Collectors.joining("\n"))),
        new RecordType("Violation", OldRecordsTest::violation, ViolationCodec::decode),
        new RecordType("MappingChunk", OldRecordsTest::mappingChunk, MappingChunkDecoder::decode),
        new RecordType(
            "DeviceSummary",
            () ->
                DeviceSummaryCodec.encode(
                    "rig", new DeviceSummary("nvme0", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)),
            DeviceSummaryCodec::decode),
        new RecordType(
            "CaptureRecord", OldRecordsTest::captureStarted, CaptureRecordCodec::decode));
  }

  @ParameterizedTest
  @MethodSource("recordTypes")
  void everyVersion_isStillRead(RecordType type) throws Exception {
    int versions = SingleObject.loadHistory(type.name()).size();
    boolean update = "1".equals(System.getenv("UPDATE_GOLDEN"));
    for (int version = 1; version <= versions; version++) {
      Path record = RECORDS.resolve("%s.v%d.bin".formatted(type.name(), version));
      Path text = RECORDS.resolve("%s.v%d.txt".formatted(type.name(), version));
      if (update && version == versions && !Files.exists(record)) {
        Files.createDirectories(RECORDS);
        Files.write(record, type.present.get());
      }
      String read = type.reader.read(Files.readAllBytes(record)) + "\n";
      if (update) {
        Files.writeString(text, read);
      }
      assertThat(read).isEqualTo(Files.readString(text));
    }
  }

  @ParameterizedTest
  @MethodSource("recordTypes")
  void noRecord_isLeftOver(RecordType type) throws Exception {
    int versions = SingleObject.loadHistory(type.name()).size();
    try (Stream<Path> files = Files.list(RECORDS)) {
      assertThat(files.filter(file -> file.getFileName().toString().startsWith(type.name() + ".v")))
          .hasSize(2 * versions);
    }
  }

  /** One event of each kind. */
  private static byte[] eventChunk() {
    EventChunkEncoder encoder = new EventChunkEncoder("rig");
    ArbitraryEvents.events(new Random(7), 40, EventKind.values().length).forEach(encoder::add);
    return encoder.finish();
  }

  private static byte[] violation() {
    return ViolationCodec.encode(
        "rig",
        new Violation(
            "DMA-MAP-003",
            Severity.ERROR,
            Verdict.suspect(DoubtKind.LOSSES, "events were lost before"),
            "nvme0",
            0xffff_f000L,
            4096,
            DmaDirection.TO_DEVICE,
            END,
            "unmaps 512 bytes of a mapping of 4096",
            List.of(new RelatedEvent("mapped here", BIRTH))));
  }

  private static byte[] mappingChunk() {
    MappingChunkEncoder encoder = new MappingChunkEncoder("rig");
    encoder.add(
        new MappingLifecycle(
            "nvme0",
            MappingKind.SCATTER_GATHER,
            DmaDirection.FROM_DEVICE,
            0xffff_0000L,
            16384,
            4,
            1,
            BIRTH,
            END));
    return encoder.finish();
  }

  private static byte[] captureStarted() {
    return CaptureRecordCodec.encode(
        new CaptureRecord.Started(
            new CaptureFacts("rig", "trace.txt", "ftrace-text", "6.12.1", "local", true)
                .withRig(new ArbitraryRigs(new Random(7)).rig())));
  }
}
