package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.cli.broker.EmbeddedBroker;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.rig.RigCapture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands on a real broker, as a shell would run them. */
final class CommandRoadTest {
  private static final Path GOLDEN = Path.of("..", "golden");

  private static EmbeddedBroker broker;

  /** What a command said, and its exit status. */
  private record Said(int status, String out, String err) {}

  @BeforeAll
  static void publishAndReplay(@TempDir Path stateDir) throws IOException {
    broker = EmbeddedBroker.startTemporary();
    assertThat(onKafka("publish", captures())).returns(ExitCode.OK, Said::status);
    assertThat(onKafka("replay", "--until-idle", "--state-dir", stateDir.toString()))
        .returns(ExitCode.OK, Said::status);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json", "sarif"})
  void findings_areWhatCheckPrintsByteForByte(String format) throws IOException {
    Said check = run(Stream.of(List.of("check", "--format", format), captures()));
    Said findings = onKafka("findings", "--format", format);

    assertAlike(findings, check);
    assertThat(check.status()).isEqualTo(ExitCode.FINDINGS);
  }

  @Test
  void eachOccurrence_isListedAlike() throws IOException {
    assertAlike(
        onKafka("findings", "--all"), run(Stream.of(List.of("check", "--all"), captures())));
  }

  /** Lines that could not be read are told where they are read: by check and by publish. */
  private static void assertAlike(Said findings, Said check) {
    assertThat(findings.out()).isEqualTo(check.out());
    assertThat(findings.status()).isEqualTo(check.status());
    assertThat(findings.err()).isEmpty();
  }

  /**
   * The other tests hold all recordings to the same bytes; this one that a manifest is among them.
   */
  @Test
  void rulesOnAManifest_areCheckedThroughKafka() {
    String capture = GOLDEN.resolve("oracle/dma-debug-strict/trace.ftrace.txt.zst").toString();
    String out = onKafka("findings", capture).out();

    assertThat(out).contains("warning[DMA-MAP-009]", "warning[DMA-SG-005]");
    assertThat(out.substring(out.indexOf("  checked "), out.indexOf("  not checked ")))
        .contains("DMA-MAP-012", "DMA-MAP-015", "DMA-SG-006", "IOV-014", "P2P-002");
  }

  @Test
  void publishedAgain_bringsNothingNew() throws IOException {
    Said before = onKafka("findings");

    assertThat(onKafka("publish", captures()).out()).contains(" 0 events in 0 records");
    assertThat(onKafka("findings")).isEqualTo(before);
  }

  @Test
  void unknownCapture_isASentence() {
    Said said = onKafka("findings", "no-such-capture");

    assertThat(said.status()).isEqualTo(ExitCode.UNUSABLE);
    assertThat(said.err()).isEqualTo("dmascope: findings: there is no capture no-such-capture\n");
  }

  @Test
  void missingTopics_areASentence() {
    Said said = onKafka("findings", "--topic-prefix", "nobody.");

    assertThat(said.status()).isEqualTo(ExitCode.UNUSABLE);
    assertThat(said.err())
        .startsWith("dmascope: findings: Kafka has no topic nobody.captures")
        .hasLineCount(1);
  }

  /** Everything under golden that can be read as a capture. */
  private static List<String> captures() throws IOException {
    try (Stream<Path> files = Files.walk(GOLDEN)) {
      List<String> captures =
          files
              .filter(Files::isRegularFile)
              .map(Path::toString)
              // Some of what once broke a reader opens as a capture and is none; publish says so.
              .filter(file -> !file.contains("crashers"))
              // And these hold numbers in place of events, or none: they are refused when read.
              .filter(
                  file -> !file.matches(".*/tracefs-variants/(opt_(raw|hex|bin)|nooverwrite).*"))
              .filter(CommandRoadTest::isCapture)
              .sorted()
              .toList();
      assertThat(captures).hasSizeGreaterThanOrEqualTo(3);
      return captures;
    }
  }

  private static boolean isCapture(String file) {
    try (RigCapture _ =
        RigCapture.open(
            file, InputStream.nullInputStream(), ReadOptions.DEFAULT, RigCapture.Options.DEFAULT)) {
      return true;
    } catch (IOException e) {
      return false; // a description, or a scenario in a form of its own
    }
  }

  private static Said onKafka(String command, List<String> more) {
    return run(Stream.of(List.of(command, "-b", broker.bootstrapServers()), more));
  }

  private static Said onKafka(String command, String... more) {
    return onKafka(command, List.of(more));
  }

  private static Said run(Stream<List<String>> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(InputStream.nullInputStream(), out, err, false, false, Map.of());
    int status = Main.run(terminal, parts.flatMap(List::stream).toArray(String[]::new));
    return new Said(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
