package io.dmascope.analytics.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  void aVectorThatDiffers_isNamedWithItsPlaceAndFirstDifference() {
    VectorFileResult result =
        run("iommu_page_split.jsonl", SPLIT.formatted(1) + SPLIT.formatted(7));

    assertThat(result.passed()).isFalse();
    assertThat(result.matching()).isEqualTo(1);
    assertThat(result.differences())
        .containsExactly(
            "iommu_page_split.jsonl:2: iommu_page_split-0: steps[2].count: kernel 7, model 1");
  }

  @Test
  void aLineThatIsNoVector_countsAsOneThatDiffers() {
    VectorFileResult result = run("iommu_page_split.jsonl", "{\"id\": 3}\nnot json\n");

    assertThat(result.vectors()).isEqualTo(2);
    assertThat(result.matching()).isZero();
    assertThat(result.differences()).hasSize(2);
    assertThat(result.differences().getFirst()).contains("field is missing");
  }

  @Test
  void aFileWithoutVectors_hasNotPassed() {
    assertThat(run("iommu_page_split.jsonl", "\n").passed()).isFalse();
  }

  @Test
  void aFieldOfNoMeaningHere_isSaidNotToBeCompared() {
    VectorFileResult result =
        run(
            "iommu_page_split.jsonl",
            SPLIT.formatted(1).replace("\"size\"", "\"hue\": 3, \"size\""));

    assertThat(result.passed()).isTrue();
    assertThat(result.notes()).containsExactly("not compared: field hue");
  }

  @Test
  void anOutputThatOnlyTheVectorHas_differs() {
    VectorFileResult result =
        run(
            "iommu_page_split.jsonl",
            SPLIT.formatted(1).replace("\"steps\"", "\"error\": \"EINVAL\", \"steps\""));

    assertThat(result.differences().getFirst())
        .contains("error: kernel \"EINVAL\", model has none");
  }

  @Test
  void whatIommuMapRefuses_isAnErrorOfTheModel() {
    VectorFileResult result =
        run(
            "iommu_page_split.jsonl",
            """
            {"id": "iommu_page_split-1", "page_size_bitmap": "0x1000", "iova": "0x800", \
            "phys": "0x0", "size": "0x1000", "error": "EINVAL"}
            """);

    assertThat(result.passed()).isTrue();
  }

  @Test
  void vectorsOfAKindThatIsNotKnown_makeTheFileUnusable() {
    VectorFileResult result = run("dma_buf_map.jsonl", "{\"id\": \"dma_buf_map-0\"}\n");

    assertThat(result.differs()).isFalse();
    assertThat(result.passed()).isFalse();
    assertThat(result.trouble().orElseThrow()).contains("no kind that is known", "iommu_map_sg");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1, 2]",
        "7",
        "{} {}",
        "{\"id\": \"sg_table_from_pages-1\", \"page_frames\": 3}",
        "{\"id\": \"sg_table_from_pages-1\", \"page_frames\": [{}]}",
        "{\"id\": \"iova_allocator-1\", \"granule\": \"0x1800\", \"reserved\": []}",
        "{\"id\": \"iommu_map_sg-1\", \"input\": [], \"granule\": \"0\"}",
        "{\"id\": \"p2pdma_map_type-1\", \"devices\": [{\"name\": \"a\", \"upstream\": \"b\","
            + " \"host_bridge\": 0, \"acs_redirect\": false}], \"host_bridge_allow_list\": [],"
            + " \"cpu_is_amd_zen\": false, \"provider\": \"a\", \"client\": \"a\"}",
        "\u0000\u0001"
      })
  void garbage_countsAsAVectorThatDiffers(String line) {
    VectorFileResult result = run("rdma_best_page_size.jsonl", line);

    assertThat(result.vectors()).isEqualTo(1);
    assertThat(result.matching()).isZero();
    assertThat(result.differences()).hasSize(1);
  }

  @Test
  void aBrokenArchive_isTroubleOfItsFileOnly(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("a.jsonl.gz"), "not gzip");
    Files.writeString(directory.resolve("iommu_page_split.jsonl"), SPLIT.formatted(1));

    List<VectorFileResult> results = runner.runDirectory(directory);

    assertThat(results.get(0).trouble().orElseThrow()).contains("cannot be read");
    assertThat(results.get(1).passed()).isTrue();
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

  private VectorFileResult run(String name, String text) {
    return runner.run(name, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
