package io.dmascope.producer.ingest.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.model.rig.RigManifest;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.UnusableInputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RigCaptureTest {
  private static final String TRACE =
      """
      # tracer: nop
      #
              bash-136     [002] ...1.    10.000000: tracing_mark_write: dmascope sync 7-1
              nvme-211     [003] .....    11.000000: dma_map_page: 0000:03:00.0 dir=TO_DEVICE \
      dma_addr=ffff8000 size=4096 phys_addr=12a6c2000 attrs=
              nvme-211     [003] .....    13.000000: dma_unmap_page: 0000:03:00.0 dir=TO_DEVICE \
      dma_addr=ffff8000 size=4096 attrs=
      """;
  private static final String DMESG =
      """
      [    9.000000] dmascope sync 7-1
      [   11.000000] DMAR: [DMA Write NO_PASID] Request device [03:00.0] fault addr 0xffff9000 [x
      """;

  @TempDir Path directory;

  @Test
  void capture_withCompanionsBeside_hasManifestAndFaults() throws IOException {
    Files.writeString(directory.resolve("trace.txt"), TRACE);
    Files.writeString(directory.resolve("trace.manifest.json"), "{\"kernelRelease\": \"6.12\"}");
    Files.writeString(directory.resolve("dmesg.txt"), DMESG);
    Reading reading = read(directory.resolve("trace.txt"));

    assertThat(reading.manifest.kernelRelease()).isEqualTo("6.12");
    assertThat(reading.kinds())
        .containsExactly(
            "CaptureStart", "Marker", "DmaMap", "IoPageFault", "DmaUnmap", "CaptureEnd");
    assertThat(reading.issues).isEmpty();
  }

  @Test
  void manifest_travelsWithTheFirstEvent() throws IOException {
    Files.writeString(directory.resolve("trace.txt"), TRACE);
    Files.writeString(
        directory.resolve("manifest.json"),
        "{\"kernelRelease\": \"6.12\", \"tracing\": {\"clock\": \"mono\"}}");
    Reading reading = read(directory.resolve("trace.txt"));

    CaptureFacts facts = ((CaptureStart) reading.events.getFirst()).facts();
    assertThat(facts.rig()).isEqualTo(reading.manifest);
    assertThat(facts.kernelRelease()).isEqualTo("6.12");
    assertThat(facts.clock()).isEqualTo("mono");
  }

  @Test
  void archive_isReadAsItIs() throws IOException {
    Path archive = directory.resolve("rig7.tar.gz");
    try (OutputStream out = Files.newOutputStream(archive);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out))) {
      put(tar, "k/manifest.json", "{\"kernelRelease\": \"6.12\", \"kernelReleese\": 1}");
      put(tar, "k/dmesg.txt", DMESG);
      put(tar, "k/trace.txt", TRACE);
    }
    Reading reading = read(archive);

    assertThat(reading.manifest.kernelRelease()).isEqualTo("6.12");
    assertThat(reading.kinds()).hasSize(6).contains("IoPageFault");
    CaptureStart start = (CaptureStart) reading.events.getFirst();
    assertThat(start.facts().captureId()).isEqualTo("rig7.tar.gz");
    assertThat(start.facts().file()).isEqualTo(archive.toString());
    assertThat(reading.issues)
        .extracting(TraceIssue::message)
        .containsExactly("the manifest's /kernelReleese is not known");
  }

  @Test
  void archiveOfSomethingElse_namesTheArchive() throws IOException {
    Path archive = directory.resolve("rig7.tar.gz");
    try (OutputStream out = Files.newOutputStream(archive);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out))) {
      put(tar, "k/trace.txt", "no trace\n");
    }

    assertThatThrownBy(() -> read(archive))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageStartingWith(archive + ": trace.txt is no trace");
  }

  @Test
  void archiveOnStandardInput_isReadAsFromAFile() throws IOException {
    Path archive = directory.resolve("rig7.tar.gz");
    try (OutputStream out = Files.newOutputStream(archive);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out))) {
      put(tar, "k/manifest.json", "{\"kernelRelease\": \"6.12\"}");
      put(tar, "k/dmesg.txt", DMESG);
      put(tar, "k/trace.txt", TRACE);
    }
    Reading fromFile = read(archive);
    Reading fromStream = read("-", Files.newInputStream(archive));

    assertThat(fromStream.kinds()).isEqualTo(fromFile.kinds()).contains("IoPageFault");
    assertThat(fromStream.manifest).isEqualTo(fromFile.manifest);
    assertThat(((CaptureStart) fromStream.events.getFirst()).facts().file()).isEqualTo("-");
  }

  @Test
  void compressedTextOnStandardInput_isNotTakenForAnArchive() throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(compressed)) {
      out.write(TRACE.getBytes(StandardCharsets.UTF_8));
    }

    assertThat(read("-", new ByteArrayInputStream(compressed.toByteArray())).kinds())
        .containsExactly("CaptureStart", "Marker", "DmaMap", "DmaUnmap", "CaptureEnd");
  }

  @Test
  void liveText_isRecognisedByItsFirstLine() throws IOException {
    String line = TRACE.lines().skip(2).findFirst().orElseThrow() + "\n";
    InputStream live =
        new SequenceInputStream(
            new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)), new Unready());

    assertThatCode(
            () ->
                RigCapture.open("-", live, ReadOptions.DEFAULT, RigCapture.Options.DEFAULT).close())
        .doesNotThrowAnyException();
  }

  @Test
  void capture_withoutCompanions_isReadAlone() throws IOException {
    Files.writeString(directory.resolve("trace.txt"), TRACE);
    Reading reading = read(directory.resolve("trace.txt"));

    assertThat(reading.manifest).isEqualTo(RigManifest.UNKNOWN);
    assertThat(reading.kinds())
        .containsExactly("CaptureStart", "Marker", "DmaMap", "DmaUnmap", "CaptureEnd");
  }

  @Test
  void stream_withRelayedFault_hasIt() throws IOException {
    String trace =
        TRACE
            + "        dash-7       [002] ...1.    13.100000: tracing_mark_write: dmascope kmsg"
            + " 3,8,12000000,-;DMAR: [DMA Write NO_PASID] Request device [03:00.0] fault addr"
            + " 0xffff9000 [x\n";
    Reading reading = read("-", new ByteArrayInputStream(trace.getBytes(StandardCharsets.UTF_8)));

    assertThat(reading.kinds())
        .containsExactly(
            "CaptureStart", "Marker", "DmaMap", "DmaUnmap", "IoPageFault", "CaptureEnd");
  }

  @Test
  void manifestThatCannotBeUsed_isAnError() throws IOException {
    Files.writeString(directory.resolve("trace.txt"), TRACE);
    Files.writeString(directory.resolve("manifest.json"), "{\"kernelRelease\": 6}");

    assertThatThrownBy(() -> read(directory.resolve("trace.txt")))
        .isInstanceOf(UnusableInputException.class)
        .hasMessage("manifest: /kernelRelease is not a string: 6");
  }

  /** A source that has nothing to give yet. */
  private static final class Unready extends InputStream {
    @Override
    public int read() {
      throw new AssertionError("waits for more than it needs");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      return read();
    }

    @Override
    public int available() {
      return 0;
    }
  }

  /** What came out of a capture. */
  private static final class Reading implements EventSink {
    private final List<TraceEvent> events = new ArrayList<>();
    private final List<TraceIssue> issues = new ArrayList<>();
    private RigManifest manifest;

    @Override
    public void event(TraceEvent event) {
      events.add(event);
    }

    @Override
    public void issue(TraceIssue issue) {
      issues.add(issue);
    }

    List<String> kinds() {
      return events.stream().map(event -> event.getClass().getSimpleName()).toList();
    }
  }

  private static Reading read(Path file) throws IOException {
    return read(file.toString(), InputStream.nullInputStream());
  }

  private static Reading read(String name, InputStream standardInput) throws IOException {
    Reading reading = new Reading();
    try (RigCapture capture =
        RigCapture.open(name, standardInput, ReadOptions.DEFAULT, RigCapture.Options.DEFAULT)) {
      reading.manifest = capture.manifest();
      capture.read(reading);
    }
    return reading;
  }

  private static void put(TarArchiveOutputStream tar, String name, String content)
      throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }
}
