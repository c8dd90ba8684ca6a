package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DumpCommandTest {
  private static final String RECORDING = "../golden/misuse-strict-612/trace.dat";

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
  void dump_refusesWhatIsNoTrace() {
    assertThat(shell.run("dump", "pom.xml")).isEqualTo(ExitCode.UNUSABLE);

    assertThat(shell.err()).contains("pom.xml is no trace that dmascope knows: tried trace.dat");
  }
}
