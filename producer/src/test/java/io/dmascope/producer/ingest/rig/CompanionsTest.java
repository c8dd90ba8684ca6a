package io.dmascope.producer.ingest.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompanionsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "trace.txt, trace.manifest.json",
    "trace.dat, trace.manifest.json",
    "trace.txt.zst, trace.manifest.json",
    "run7.trace.dat, run7.trace.manifest.json",
    "capture, capture.manifest.json",
    "trace.txt, manifest.json",
  })
  void manifest_isFoundBeside(String capture, String manifest) throws IOException {
    Files.writeString(directory.resolve(manifest), "{}");

    assertThat(Companions.beside(directory.resolve(capture)).manifest())
        .contains(directory.resolve(manifest));
  }

  @Test
  void ownName_winsOverTheCommonOne() throws IOException {
    Files.writeString(directory.resolve("dmesg.txt"), "");
    Files.writeString(directory.resolve("trace.dmesg.txt"), "");

    assertThat(Companions.beside(directory.resolve("trace.txt")).dmesg())
        .contains(directory.resolve("trace.dmesg.txt"));
    assertThat(Companions.beside(directory.resolve("other.txt")).dmesg())
        .contains(directory.resolve("dmesg.txt"));
  }

  @Test
  void captureItself_isNoCompanion() throws IOException {
    Files.writeString(directory.resolve("dmesg.txt"), "");

    assertThat(Companions.beside(directory.resolve("dmesg.txt")).dmesg()).isEmpty();
  }

  @Test
  void whatTheUserNamed_winsOverWhatWasFound() {
    Companions named =
        new Companions(Optional.of(Path.of("mine.json")), Optional.empty(), Optional.empty());
    Companions found =
        new Companions(
            Optional.of(Path.of("manifest.json")),
            Optional.of(Path.of("dmesg.txt")),
            Optional.of(Path.of("probe.txt")));

    assertThat(named.or(found))
        .isEqualTo(
            new Companions(
                Optional.of(Path.of("mine.json")),
                Optional.of(Path.of("dmesg.txt")),
                Optional.of(Path.of("probe.txt"))));
  }
}
