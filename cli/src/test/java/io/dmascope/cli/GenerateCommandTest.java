package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GenerateCommandTest {
  private static final String EVENTS = "2000";

  @TempDir private Path directory;

  private final FakeTerminal shell = new FakeTerminal();

  @ParameterizedTest
  @CsvSource({
    "capture.dat, trace-dat",
    "capture.bin, trace-dat-plain",
    "capture.bin, trace-dat-v6",
    "capture.txt, text"
  })
  void aSpoiledMachine_isJudgedAlikeInEveryFormat(String name, String format) {
    String file = directory.resolve(name).toString();
    String[] made = {"generate", "--events", EVENTS, "--break", "DMA-MAP-003", "--every", "100"};
    assertThat(shell.run(with(made, "-o", file, "--format", format))).isZero();
    assertThat(shell.run("check", file)).isEqualTo(ExitCode.FINDINGS);
    assertThat(shell.out()).contains("[DMA-MAP-003]").contains("0 unreadable");
  }

  @Test
  void theNameOfTheFile_decidesItsFormat() throws IOException {
    Path file = directory.resolve("capture.dat");
    assertThat(shell.run("generate", "--events", EVENTS, "-o", file.toString())).isZero();
    assertThat(Files.readAllBytes(file)).startsWith(0x17, 0x08, 0x44);
  }

  @Test
  void binaryFormats_areNotForStandardOutput() {
    assertThat(shell.run("generate", "--format", "trace-dat")).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains("trace-dat is binary: give it a file's name with -o");
  }

  @Test
  void moreDevicesThanFit_areRefused() {
    String file = directory.resolve("capture.txt").toString();
    assertThat(shell.run("generate", "--devices", "40", "-o", file)).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains("more devices than a PCI bus has slots for [slots=32]");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void sizesAreGivenWithTheirWeights() {
    String file = directory.resolve("capture.txt").toString();
    String[] made = {"generate", "--profile", "ahci", "--events", EVENTS, "-o", file};
    assertThat(shell.run(with(made, "--sizes", "64K"))).isZero();
    assertThat(shell.run("stats", file)).isZero();
    assertThat(shell.out()).contains("| 16 / 16 |");
    assertThat(shell.run(with(made, "--sizes", "4K:many"))).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains("'4K:many' is no size with a weight; 4K:70 is");
  }

  @Test
  void probeEvents_haveNoPlaceInATraceDat() {
    String file = directory.resolve("capture.dat").toString();
    assertThat(shell.run("generate", "--probes", "-o", file)).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains("leave out --probes");
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "--to-kafka -o capture.txt, leave out -o",
    "--to-kafka --format text, leave out -o",
    "--to-kafka --truth truth.jsonl, leave out --to-kafka",
    "--to-kafka --recording lost, publish that",
    "--rate 5k -o capture.txt, leave --rate out",
    "--rigs 2 -o capture.txt, add --to-kafka"
  })
  void whatWouldBeLeftOut_isRefused(String options, String advice) {
    assertThat(shell.run(("generate " + options).split(" "))).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains(advice);
  }

  @Test
  void aDuration_endsTheCapture() throws IOException {
    Path file = directory.resolve("capture.txt");
    assertThat(shell.run("generate", "--duration", "0.002", "-o", file.toString())).isZero();
    assertThat(Files.readAllLines(file)).hasSizeBetween(100, 20_000);
  }

  private static String[] with(String[] arguments, String... more) {
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return all;
  }
}
