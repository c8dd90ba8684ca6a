package io.dmascope.producer.ingest.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.dmascope.producer.ingest.UnusableInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureArchiveTest {
  @TempDir Path directory;

  @Test
  void archiveOfTheKit_isUnpackedAndRemoved() throws IOException {
    Path file =
        write(
            "a.tar.gz", gzip(tar("k/manifest.json", "{}", "k/dmesg.txt", "x", "k/trace.txt", "#")));

    assertThat(CaptureArchive.recognises(file)).isTrue();
    CaptureArchive archive = CaptureArchive.unpack(file, CaptureArchive.Limits.DEFAULT);
    Path capture = archive.capture();
    assertThat(capture).hasContent("#");
    assertThat(archive.companions().manifest())
        .get()
        .satisfies(p -> assertThat(p).hasContent("{}"));
    assertThat(archive.companions().dmesg()).get().satisfies(p -> assertThat(p).hasContent("x"));
    archive.close();
    assertThat(capture.getParent()).doesNotExist();
  }

  @Test
  void zstdAndPlainTar_areRecognised() throws IOException {
    byte[] tar = tar("k/trace.txt", "#");
    ByteArrayOutputStream zstd = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdOutputStream(zstd)) {
      out.write(tar);
    }

    assertThat(CaptureArchive.recognises(write("a", zstd.toByteArray()))).isTrue();
    assertThat(CaptureArchive.recognises(write("b", tar))).isTrue();
  }

  @Test
  void otherFiles_areNoArchive() throws IOException {
    assertThat(
            CaptureArchive.recognises(
                write("text", "# tracer: nop\n".getBytes(StandardCharsets.UTF_8))))
        .isFalse();
    assertThat(CaptureArchive.recognises(write("empty", new byte[0]))).isFalse();
    assertThat(CaptureArchive.recognises(write("gz", gzip(new byte[1000])))).isFalse();
    assertThat(CaptureArchive.recognises(write("bad", new byte[] {0x1f, (byte) 0x8b, 0, 0, 0})))
        .isFalse();
    assertThat(CaptureArchive.recognises(directory)).isFalse();
    assertThat(CaptureArchive.recognises(directory.resolve("nothing"))).isFalse();
  }

  @Test
  void binaryCapture_isPreferred() throws IOException {
    Path file = write("a.tar", tar("k/trace.txt", "#", "k/trace.dat", "binary"));
    try (CaptureArchive archive = CaptureArchive.unpack(file, CaptureArchive.Limits.DEFAULT)) {
      assertThat(archive.capture()).hasContent("binary");
    }
  }

  @Test
  void hostileNames_stayInsideTheDirectory() throws IOException {
    Path file =
        write(
            "a.tar",
            tar("../../trace.txt", "#", "/etc/manifest.json", "{}", "k/../../../evil", "x"));
    try (CaptureArchive archive = CaptureArchive.unpack(file, CaptureArchive.Limits.DEFAULT)) {
      assertThat(archive.capture()).hasContent("#");
      assertThat(archive.capture().getParent()).isDirectoryNotContaining("glob:**evil");
    }
    assertThat(directory.resolve("../../trace.txt")).doesNotExist();
  }

  @Test
  void symbolicLink_isPassedOver() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry link = new TarArchiveEntry("k/manifest.json", TarConstants.LF_SYMLINK);
      link.setLinkName("/etc/passwd");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
      put(tar, "k/trace.txt", "#");
    }
    Path file = write("a.tar", bytes.toByteArray());
    try (CaptureArchive archive = CaptureArchive.unpack(file, CaptureArchive.Limits.DEFAULT)) {
      assertThat(archive.companions().manifest()).isEmpty();
    }
  }

  @Test
  void archiveWithoutCapture_isAnError() throws IOException {
    Path file = write("a.tar", tar("k/manifest.json", "{}"));
    assertThatThrownBy(() -> CaptureArchive.unpack(file, CaptureArchive.Limits.DEFAULT))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageEndingWith(
            "is an archive without a capture: expected trace.dat or trace.txt in it");
  }

  @Test
  void archiveBeyondTheLimits_isAnError() throws IOException {
    Path file = write("a.tar", tar("k/manifest.json", "{}", "k/trace.txt", "0123456789"));

    assertThatThrownBy(() -> CaptureArchive.unpack(file, new CaptureArchive.Limits(11, 10)))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("trace.txt exceeds 9 bytes");
    assertThatThrownBy(() -> CaptureArchive.unpack(file, new CaptureArchive.Limits(100, 1)))
        .isInstanceOf(UnusableInputException.class)
        .hasMessageContaining("more than 1 entries");
  }

  @Test
  void archiveThatEndsEarly_givesWhatItHad() throws IOException {
    byte[] whole = tar("k/manifest.json", "{}", "k/trace.txt", "x".repeat(5000));
    Path file = write("a.tar", Arrays.copyOf(whole, 3000));
    try (CaptureArchive archive = CaptureArchive.unpack(file, CaptureArchive.Limits.DEFAULT)) {
      assertThat(archive.truncated()).isTrue();
      assertThat(archive.capture()).content().startsWith("xxx");
    }
  }

  @Test
  void damagedArchives_neverEscapeAsSomethingElse() throws IOException {
    byte[] whole = gzip(tar("k/manifest.json", "{}", "k/trace.txt", "x".repeat(5000)));
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x55;
      Path file = write("damaged.tar.gz", damaged);
      if (!CaptureArchive.recognises(file)) {
        continue;
      }
      try (CaptureArchive archive = CaptureArchive.unpack(file, CaptureArchive.Limits.DEFAULT)) {
        assertThat(archive.capture()).exists();
      } catch (UnusableInputException e) {
        assertThat(e).hasMessageContaining("archive");
      }
    }
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  /** Names and contents in turn. */
  private static byte[] tar(String... files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (int i = 0; i < files.length; i += 2) {
        put(tar, files[i], files[i + 1]);
      }
    }
    return bytes.toByteArray();
  }

  private static void put(TarArchiveOutputStream tar, String name, String content)
      throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }
}
