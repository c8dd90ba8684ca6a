package io.dmascope.analytics.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VectorRunnerTest {
  private static final String SPLIT =
      """
      {"id": "iommu_page_split-0", "page_size_bitmap": "0x201000", "iova": "0x1ff000", \
      "phys": "0x7ff000", "size": "0x402000", "steps": [{"page_size": "0x1000", "count": 1}, \
      {"page_size": "0x200000", "count": 2}, {"page_size": "0x1000", "count": %d}]}
      """;

  private final VectorRunner runner = new VectorRunner();

  static Stream<VectorFileResult> shipped() throws IOException {
    return new VectorRunner().runShipped().stream();
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void everyShippedVector_isWhatTheKernelComputed(VectorFileResult result) {
    assertThat(result.differences()).isEmpty();
    assertThat(result.matching()).isEqualTo(result.vectors()).isGreaterThanOrEqualTo(250);
  }

  @Test
  void aVectorThatDiffers_isNamedWithItsPlaceAndFirstDifference() throws IOException {
    VectorFileResult result =
        run("iommu_page_split.jsonl", SPLIT.formatted(1) + SPLIT.formatted(7));

    assertThat(result.passed()).isFalse();
    assertThat(result.matching()).isEqualTo(1);
    assertThat(result.differences())
        .containsExactly(
            "iommu_page_split.jsonl:2: iommu_page_split-0: steps[2].count: kernel 7, model 1");
  }

  @Test
  void aLineThatIsNoVector_countsAsOneThatDiffers() throws IOException {
    VectorFileResult result = run("iommu_page_split.jsonl", "{\"id\": 3}\nnot json\n");

    assertThat(result.vectors()).isEqualTo(2);
    assertThat(result.matching()).isZero();
    assertThat(result.differences()).hasSize(2);
    assertThat(result.differences().getFirst()).contains("field is missing");
  }

  @Test
  void aFileWithoutVectors_hasNotPassed() throws IOException {
    assertThat(run("iommu_page_split.jsonl", "\n").passed()).isFalse();
  }

  @Test
  void aDirectory_isRunFileByFile(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("iommu_page_split.jsonl"), SPLIT.formatted(1));
    Files.writeString(directory.resolve("README.md"), "no vectors");

    assertThat(runner.runDirectory(directory))
        .extracting(VectorFileResult::file)
        .containsExactly("iommu_page_split.jsonl");
  }

  @Test
  void aDirectoryWithoutVectors_isAnError(@TempDir Path directory) {
    assertThatThrownBy(() -> runner.runDirectory(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no *.jsonl");
  }

  private VectorFileResult run(String name, String text) throws IOException {
    return runner.run(name, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
