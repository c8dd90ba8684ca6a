package io.dmascope.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckCommandTest {
  private static final String HEALTHY =
      """
      # tracer: nop
      #
      #           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
      #              | |         |   |||||     |         |
              bash-73      [003] .....    15.757213: dma_map_page: 0000:00:0c.0 dir=TO_DEVICE dma_addr=ffffe000 size=8192 phys_addr=11d167000 attrs=
              bash-73      [003] .....    16.078662: dma_unmap_page: 0000:00:0c.0 dir=TO_DEVICE dma_addr=ffffe000 size=8192 attrs=
      """;
  private static final String UNMAP_AGAIN =
      """
              bash-73      [003] .....    16.078664: dma_unmap_page: 0000:00:0c.0 dir=TO_DEVICE dma_addr=ffffe000 size=8192 attrs=
      """;
  private static final String MALFORMED =
      """
              bash-73      [003] .....    16.078665: dma_unmap_page: 0000:00:0c.0 dir=TO_DEVICE dma_addr=oops size=8192 attrs=
      """;

  private final FakeTerminal shell = new FakeTerminal();

  @TempDir private Path directory;

  @Test
  void healthyRecording_findsNothing() {
    assertThat(shell.run("check", file(HEALTHY))).isZero();
    assertThat(shell.out()).contains("findings     none");
    assertThat(shell.err()).isEmpty();
  }

  @Test
  void healthyRecordingOfALiveKernelWithProbes_findsNothing() {
    assertThat(shell.run("check", "../golden/probes/nvme-lazy-73.tar.gz")).isZero();
    assertThat(shell.out())
        .contains("findings     none", "Linux 7.3.4+deb13-amd64, clock mono")
        .contains("0 unreadable; 0 events lost")
        .containsPattern("checked [^:]* DMA-MAP-019 [^:]* IOV-008 ");
    assertThat(shell.err()).isEmpty();
  }

  @Test
  void doubleUnmap_isFoundAtItsLine() {
    String file = file(HEALTHY + UNMAP_AGAIN);

    assertThat(shell.run("check", file)).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.out()).startsWith("error[DMA-MAP-001]: ").contains("--> " + file + ":7  ");
  }

  @Test
  void standardInput_isReadForADash() {
    shell.withInput((HEALTHY + UNMAP_AGAIN).getBytes(UTF_8));

    assertThat(shell.run("check", "-")).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.out()).contains("--> <stdin>:7  ");
  }

  @Test
  void json_listsEveryCapture() throws IOException {
    shell.run("check", "--format", "json", file(HEALTHY), file(HEALTHY + UNMAP_AGAIN));

    JsonNode captures = new ObjectMapper().readTree(shell.out()).get("captures");
    assertThat(captures).hasSize(2);
    assertThat(captures.at("/1/findings/0/rule").asText()).isEqualTo("DMA-MAP-001");
    assertThat(captures.at("/1/findings/0/dma_addr").asText()).isEqualTo("0xffffe000");
    assertThat(captures.at("/1/input/lines").asLong()).isEqualTo(7);
  }

  @Test
  void ignoredFindings_areCountedAndDoNotFail() throws IOException {
    String ignore = directory.resolve("ignore").toString();
    Files.writeString(Path.of(ignore), "DMA-MAP-001 task=bash reason=\"known\"\nIOV-* reason=x\n");

    assertThat(shell.run("check", "--ignore", ignore, file(HEALTHY + UNMAP_AGAIN))).isZero();
    assertThat(shell.out())
        .contains("findings     none")
        .contains("ignored      1 finding (1 occurrence in all); --all shows them")
        .contains("unused       line 2: IOV-*: x");
  }

  @Test
  void all_showsWhatIsIgnoredAndWhy() throws IOException {
    String ignore = directory.resolve("ignore").toString();
    Files.writeString(Path.of(ignore), "DMA-MAP-001 reason=\"known\"\n");

    shell.run("check", "--all", "--ignore", ignore, file(HEALTHY + UNMAP_AGAIN));
    assertThat(shell.out())
        .startsWith("error[DMA-MAP-001]: ")
        .contains("ignored: by line 1 of the ignore file: known");
  }

  @Test
  void badIgnoreFile_isNamedWithItsLine() throws IOException {
    String ignore = directory.resolve("ignore").toString();
    Files.writeString(Path.of(ignore), "\nDMA-MAP-001\n");

    assertThat(shell.run("check", "--ignore", ignore, file(HEALTHY))).isEqualTo(2);
    assertThat(shell.err()).contains("ignore:2: an entry has to say why");
  }

  @Test
  void all_listsEachOccurrence() throws IOException {
    shell.run("check", "--all", "--format=json", file(HEALTHY + UNMAP_AGAIN + UNMAP_AGAIN));

    assertThat(new ObjectMapper().readTree(shell.out()).at("/captures/0/findings"))
        .hasSize(2)
        .allSatisfy(finding -> assertThat(finding.get("count").asLong()).isEqualTo(1));
  }

  @Test
  void sarif_isOneRun() throws IOException {
    shell.run("check", "--format", "sarif", file(HEALTHY + UNMAP_AGAIN));

    JsonNode sarif = new ObjectMapper().readTree(shell.out());
    assertThat(sarif.at("/version").asText()).isEqualTo("2.1.0");
    assertThat(sarif.at("/runs/0/results/0/locations/0/physicalLocation/region/startLine").asInt())
        .isEqualTo(7);
  }

  @Test
  void malformedLine_isShownWithItsPlaceAndTheRestIsRead() {
    String file = file(HEALTHY + MALFORMED + UNMAP_AGAIN);

    assertThat(shell.run("check", file)).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.err()).startsWith(file + ":7: ");
    assertThat(shell.out()).contains("--> " + file + ":8  ", "+ 1 unreadable");
  }

  @Test
  void manyMalformedLines_areShownByTheFirstFew() {
    assertThat(shell.run("check", file(HEALTHY + MALFORMED.repeat(15)))).isZero();
    assertThat(shell.err().lines())
        .hasSize(6)
        .last()
        .asString()
        .endsWith("10 more lines could not be read");
  }

  @Test
  void aRecordingThatIsNearlyAllMalformed_isNoPass() {
    assertThat(shell.run("check", file(HEALTHY + MALFORMED.repeat(100))))
        .isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains("could not be read: ", "100 of 106 lines");
    assertThat(shell.out()).doesNotContain("findings");
  }

  @Test
  void moreMalformedLinesThanAllowed_endTheReading() {
    assertThat(shell.run("check", "--max-errors", "10", file(HEALTHY + MALFORMED.repeat(100))))
        .isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains("stopped after 10 unreadable lines (--max-errors)");
  }

  @Test
  void missingFile_isASentenceAndTheOthersAreStillChecked() {
    assertThat(shell.run("check", "/no/such/file", file(HEALTHY + UNMAP_AGAIN)))
        .isEqualTo(ExitCode.UNUSABLE);
    assertIsOneSentence(shell.err(), "/no/such/file");
    assertThat(shell.out()).contains("error[DMA-MAP-001]");
  }

  @Test
  void directory_isASentence() {
    assertThat(shell.run("check", directory.toString())).isEqualTo(ExitCode.UNUSABLE);
    assertIsOneSentence(shell.err(), "directory");
  }

  @Test
  void emptyFile_isASentence() {
    assertThat(shell.run("check", file(""))).isEqualTo(ExitCode.UNUSABLE);
    assertIsOneSentence(shell.err(), "empty");
  }

  @Test
  void emptyStandardInput_isASentence() {
    assertThat(shell.run("check", "-")).isEqualTo(ExitCode.UNUSABLE);
    assertIsOneSentence(shell.err(), "standard input is empty");
  }

  @Test
  void fileThatIsNoTrace_isASentenceThatSaysWhatWasTried() {
    assertThat(shell.run("check", file("Dear diary,\ntoday nothing was mapped.\n")))
        .isEqualTo(ExitCode.UNUSABLE);
    assertIsOneSentence(shell.err(), "tried");
  }

  @Test
  void binaryFile_isASentence() {
    byte[] noise = new byte[1 << 17];
    new Random(7).nextBytes(noise);

    assertThat(shell.run("check", file(noise))).isEqualTo(ExitCode.UNUSABLE);
    assertIsOneSentence(shell.err(), "tried");
  }

  @Test
  void truncatedGzip_isReadAsFarAsItGoes() throws IOException {
    byte[] whole = gzip(HEALTHY + UNMAP_AGAIN + HEALTHY.repeat(5_000));

    assertThat(shell.run("check", file(Arrays.copyOf(whole, whole.length / 2))))
        .isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.out()).contains("error[DMA-MAP-001]", "+ 1 unreadable");
    assertThat(shell.err()).contains("ends early");
  }

  @Test
  void gzipOfNothingMuch_isASentence() throws IOException {
    assertThat(shell.run("check", file(Arrays.copyOf(gzip(HEALTHY), 12))))
        .isEqualTo(ExitCode.UNUSABLE);
    assertIsOneSentence(shell.err(), "");
  }

  @Test
  void endlessLine_doesNotFillTheMemory() {
    String huge = HEALTHY + "x".repeat(8 << 20) + "\n" + UNMAP_AGAIN;

    assertThat(shell.run("check", file(huge))).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.out()).contains("+ 1 unreadable");
  }

  @Test
  void noFile_saysWhatIsMissing() {
    assertThat(shell.run("check")).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains("Missing required parameter", "Try 'dmascope check --help'");
  }

  private static void assertIsOneSentence(String err, String about) {
    assertThat(err).startsWith("dmascope: ").contains(about).doesNotContain("Exception", "\tat ");
    assertThat(err.lines()).hasSize(1);
  }

  private String file(String content) {
    return file(content.getBytes(UTF_8));
  }

  private String file(byte[] content) {
    try {
      return Files.write(Files.createTempFile(directory, "trace", ".txt"), content).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }
}
