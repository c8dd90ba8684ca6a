package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerifyCommandTest {
  private final FakeTerminal shell = new FakeTerminal();

  @TempDir private Path directory;

  @Test
  void aListThatTheModelPredicts_isCounted() throws IOException {
    String trace = trace("1/1 dma_addrs={0xf0000000} sizes={0x2000} phys_addrs={0x10000,0x30000}");

    assertThat(shell.run("verify", trace)).isZero();
    assertThat(shell.out())
        .contains("1 maps: 1 predicted exactly, 0 not")
        .contains("granule 0x1000 (inferred)");
  }

  @Test
  void aBlockTheKernelWouldNotHandOut_isShown() throws IOException {
    String trace =
        trace(
            "2/2 dma_addrs={0xf0000000,0xf0001000} sizes={0x1000,0x1800}"
                + " phys_addrs={0x10000,0x30000}");

    assertThat(shell.run("verify", trace)).isZero();
    assertThat(shell.out()).contains("1 without: its iommu:map events are not those of this list");
  }

  @Test
  void json_carriesTheSameNumbers() throws IOException {
    String trace = trace("1/1 dma_addrs={0xf0000000} sizes={0x2000} phys_addrs={0x10000,0x30000}");

    assertThat(shell.run("verify", "--format", "json", trace)).isZero();
    JsonNode capture = new ObjectMapper().readTree(shell.out()).get("captures").get(0);
    assertThat(capture.get("exact").asInt()).isEqualTo(1);
    assertThat(capture.at("/parameters/devices/0/max_segment_size/origin").asText())
        .isEqualTo("inferred");
  }

  /** A kit's stream of a 7.2 kernel in lazy mode: no manifest, no boot, no word of the mode. */
  @Test
  void aLazyMachine_isKnownByWhatAStrictOneWouldNotDo() {
    assertThat(shell.run("verify", "../golden/rig/lazy-72.stream.txt.zst")).isZero();
    assertThat(shell.out())
        .contains("1,048 maps: 1,045 predicted exactly, 0 not, 0 without")
        .contains("the very address predicted (lazy), 0 not");
  }

  @Test
  void standardInput_isRefused() {
    assertThat(shell.run("verify", "-")).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains("give it a file");
  }

  private String trace(String ents) throws IOException {
    Path file = directory.resolve("trace.txt");
    Files.writeString(
        file,
        """
        # tracer: nop
        #
          dd-99 [000] ..... 10.000001: map: IOMMU: iova=0x00000000f0000000 - 0x00000000f0001000 \
        paddr=0x0000000000010000 size=4096
          dd-99 [000] ..... 10.000002: map: IOMMU: iova=0x00000000f0001000 - 0x00000000f0002000 \
        paddr=0x0000000000030000 size=4096
          dd-99 [000] ..... 10.000003: dma_map_sg: 0000:00:1f.2 dir=FROM_DEVICE nents=2/2 \
        ents=%s attrs=
        """
            .formatted(ents));
    return file.toString();
  }
}
