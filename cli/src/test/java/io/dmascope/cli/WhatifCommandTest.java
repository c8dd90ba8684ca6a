package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WhatifCommandTest {
  private final FakeTerminal shell = new FakeTerminal();

  @TempDir private Path directory;
  private String trace;

  @BeforeEach
  void writeTrace() throws IOException {
    Path file = directory.resolve("trace.txt");
    Files.writeString(
        file,
        """
        # tracer: nop
        #
          dd-99 [000] ..... 10.000003: dma_map_sg: 0000:00:1f.2 dir=FROM_DEVICE nents=2/2 \
        ents=2/2 dma_addrs={0x10000,0x30000} sizes={0x1000,0x1000} \
        phys_addrs={0x10000,0x30000} attrs=
          dd-99 [000] ..... 10.000004: dma_unmap_sg: 0000:00:1f.2 dir=FROM_DEVICE \
        phys_addrs={0x10000,0x30000} attrs=
        """);
    trace = file.toString();
  }

  @Test
  void everyBackend_isARowByDefault() {
    assertThat(shell.run("whatif", trace)).isZero();
    assertThat(shell.out())
        .contains("1 maps (1 lists) of 8,192 bytes, 0 coherent; 0 left out, 0 never unmapped")
        .contains("direct", "swiotlb", "iommu-strict", "iommu-lazy")
        .contains("scatterlist", "dma-sg64", "iova-state", "linear")
        .contains("1 a dma_sg of its own", "7 GPU peer-to-peer");
  }

  /** 4 segments that max_segment_size keeps apart: a longer length would join none of them. */
  @Test
  void aWiderLength_savesNothingWhereNoSegmentReaches4GiB() throws IOException {
    Files.writeString(
        Path.of(trace),
        """
        # tracer: nop
        #
          dd-99 [000] ..... 10.000003: dma_map_sg: 0000:00:1f.2 dir=FROM_DEVICE nents=4/4 \
        ents=4/4 dma_addrs={0x100000,0x110000,0x120000,0x130000} \
        sizes={0x10000,0x10000,0x10000,0x10000} \
        phys_addrs={0x100000,0x110000,0x120000,0x130000} attrs=
        """);

    assertThat(
            shell.run(
                "whatif",
                "--format=json",
                "--backend=iommu-strict,direct",
                "--form=dma-sg,dma-sg64",
                trace))
        .isZero();
    JsonNode scenarios = new ObjectMapper().readTree(shell.out()).at("/captures/0/scenarios");
    assertThat(scenarios).hasSize(2);
    for (JsonNode scenario : scenarios) {
      JsonNode forms = scenario.get("forms");
      assertThat(forms.get("dma-sg64").get("visits")).isEqualTo(forms.get("dma-sg").get("visits"));
    }
  }

  @Test
  void everyCombination_isAScenario() throws IOException {
    assertThat(
            shell.run(
                "whatif",
                "--format=json",
                "--backend=iommu-strict",
                "--max-segment-size=4K,1M",
                "--boundary=0xffff",
                "--form=dma-sg",
                trace))
        .isZero();
    JsonNode scenarios = new ObjectMapper().readTree(shell.out()).at("/captures/0/scenarios");
    assertThat(scenarios)
        .extracting(node -> node.get("scenario").asText())
        .containsExactly(
            "iommu-strict max-seg=0x1000 boundary=0xffff",
            "iommu-strict max-seg=0x100000 boundary=0xffff");
    assertThat(scenarios)
        .extracting(node -> node.get("output_entries").asInt())
        .containsExactly(2, 1);
    assertThat(scenarios.at("/0/forms").properties()).hasSize(1);
  }

  @Test
  void html_isOnePageWithCharts() {
    assertThat(shell.run("whatif", "--format=html", trace)).isZero();
    assertThat(shell.out())
        .startsWith("<!DOCTYPE html>")
        .contains("<svg", "Page-table entries written", "<table>")
        .doesNotContain("<script", "http");
  }

  @Test
  void valuesThatNoDeviceHas_areRefused() {
    assertThat(shell.run("whatif", "--boundary=0xfff0", trace)).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains("--boundary cannot be 0xfff0");
    assertThat(shell.run("whatif", "--backend=xen", trace)).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.run("whatif", "--max-segment-size=many", trace)).isEqualTo(ExitCode.UNUSABLE);
  }
}
