package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DumpCommandTest {
  private static final String RECORDING = "../golden/misuse-strict-612/trace.dat";
  private static final String ARCHIVE = "../golden/probes/nvme-lazy-73.tar.gz";

  private final FakeTerminal shell = new FakeTerminal();

  @Test
  void dump_printsABinaryRecordingAsTracefsWould() {
    assertThat(shell.run("dump", RECORDING)).isZero();

    assertThat(shell.out().lines())
        .hasSize(1184)
        .anyMatch(line -> line.endsWith(": tracing_mark_write: start misuse"))
        .anyMatch(line -> line.contains(": dma_map_sg: 0000:00:0c.0 dir=TO_DEVICE nents=8/8 "));
  }

  @Test
  void dump_printsJsonWhereAsked() {
    assertThat(shell.run("dump", "--json", RECORDING)).isZero();

    assertThat(shell.out().lines())
        .hasSize(1184)
        .allMatch(line -> line.startsWith("{\"kind\":\"") && line.endsWith("}"));
  }

  @Test
  void dumpAndStats_takeTheCaptureKitsArchive() {
    assertThat(shell.run("dump", ARCHIVE)).isZero();
    assertThat(shell.out()).contains(": dma_map_phys: 0000:");
    assertThat(shell.run("stats", ARCHIVE)).isZero();
    assertThat(shell.out()).contains("| 0000:");
  }

  @Test
  void dump_leavesWhatLiesBesideTheRecording(@TempDir Path directory) throws IOException {
    Path recording = Files.copy(Path.of(RECORDING), directory.resolve("trace.dat"));
    Files.writeString(
        directory.resolve("dmesg.txt"),
        "[   30.0] DMAR: [DMA Write NO_PASID] Request device [00:0c.0] fault addr 0xffd000"
            + " [fault reason 0x05] PTE Write access is not set\n");

    assertThat(shell.run("dump", recording.toString())).isZero();

    assertThat(shell.out().lines()).hasSize(1184);
  }

  @Test
  void dump_refusesWhatIsNoTrace() {
    assertThat(shell.run("dump", "pom.xml")).isEqualTo(ExitCode.UNUSABLE);

    assertThat(shell.err()).contains("pom.xml is no trace that dmascope knows: tried trace.dat");
  }
}
