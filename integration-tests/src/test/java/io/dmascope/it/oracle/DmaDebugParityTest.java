package io.dmascope.it.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every error of the kernel's checker that recorded facts allow is found in its case, and {@code
 * docs/dma-debug-parity.md} shows it. {@code UPDATE_GOLDEN=1} writes the page anew.
 */
class DmaDebugParityTest {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", "."), "..", "docs", "dma-debug-parity.md");

  /** A part of the kernel's sentence, and the rules that say the same. */
  private static final Map<String, List<String>> RULES_OF_SENTENCE = new LinkedHashMap<>();

  /** A part of the kernel's sentence, and why no recording of stock tracepoints can tell. */
  private static final Map<String, String> NOT_RECORDED = new LinkedHashMap<>();

  static {
    RULES_OF_SENTENCE.put("tries to free DMA memory it has not allocated", List.of("DMA-MAP-001"));
    RULES_OF_SENTENCE.put("frees DMA memory with different size", List.of("DMA-MAP-003"));
    RULES_OF_SENTENCE.put("frees DMA memory with different direction", List.of("DMA-MAP-004"));
    RULES_OF_SENTENCE.put("frees DMA memory with wrong function", List.of("DMA-MAP-005"));
    RULES_OF_SENTENCE.put("frees DMA sg list with different entry count", List.of("DMA-SG-001"));
    RULES_OF_SENTENCE.put(
        "tries to sync DMA memory it has not allocated", List.of("DMA-SYN-001", "DMA-SYN-002"));
    RULES_OF_SENTENCE.put("syncs DMA memory with different direction", List.of("DMA-SYN-003"));
    RULES_OF_SENTENCE.put("syncs DMA sg list with different entry count", List.of("DMA-SYN-004"));
    RULES_OF_SENTENCE.put("cacheline tracking EEXIST", List.of("DMA-MAP-009"));
    RULES_OF_SENTENCE.put("mapping sg segment longer", List.of("DMA-SG-005"));
    NOT_RECORDED.put(
        "failed to check map error", "dma_mapping_error() has no tracepoint: needs a probe");
    NOT_RECORDED.put("pending DMA allocations", "the unbinding of a driver has no tracepoint");
    NOT_RECORDED.put("WARN at include/linux/dma-mapping.h", "refused before any tracepoint");
    NOT_RECORDED.put(
        "DMAR:", "a fault of the device, in the kernel log only: read with the log beside it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dma-debug-direct", "dma-debug-strict"})
  void everyErrorThatIsRecorded_isFoundInItsCase(String name) throws IOException {
    OracleRecording recording = OracleRecording.read(name);
    Map<String, List<Violation>> found = recording.findingsByCase();
    recording
        .verdicts()
        .forEach(
            (caseName, verdict) ->
                RULES_OF_SENTENCE.forEach(
                    (sentence, rules) -> {
                      if (verdict.contains(sentence)) {
                        assertThat(found.getOrDefault(caseName, List.of()))
                            .as("%s: %s", caseName, sentence)
                            .extracting(Violation::ruleId)
                            .containsAnyElementsOf(rules);
                      }
                    }));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dma-debug-direct", "dma-debug-strict"})
  void nothingCertain_isFoundWhereTheKernelFoundNothing(String name) throws IOException {
    OracleRecording recording = OracleRecording.read(name);
    Map<String, String> verdicts = recording.verdicts();
    recording
        .findingsByCase()
        .forEach(
            (caseName, violations) -> {
              if (verdicts.getOrDefault(caseName, "-").equals("-")) {
                assertThat(violations)
                    .as(caseName)
                    .extracting(Violation::confidence)
                    .doesNotContain(Confidence.CERTAIN);
              }
            });
  }

  @Test
  void page_isWhatTheRecordingsGive() throws IOException {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Parity with dma-debug

        What the kernel's own checker said of each misuse, and what dmascope finds in the recording of the same run. Two runs of
        one module on Linux 6.12.107 with `CONFIG_DMA_API_DEBUG`; the recordings are in `golden/oracle`, with a rig manifest that
        has the cache line, the device's limits and the memory map. It leaves open whether caches snoop the device, as dma-debug
        does. A test writes this page.
        """);
    for (String name : List.of("dma-debug-direct", "dma-debug-strict")) {
      page.append("\n## ").append(name).append("\n\n");
      page.append("| case | the kernel said | dmascope finds | why not |\n|---|---|---|---|\n");
      page.append(rows(OracleRecording.read(name)));
    }
    if ("1".equals(System.getenv("UPDATE_GOLDEN"))) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("run again with UPDATE_GOLDEN=1 and look at the change")
        .isEqualTo(page.toString());
  }

  private static String rows(OracleRecording recording) throws IOException {
    Map<String, List<Violation>> found = recording.findingsByCase();
    return recording.verdicts().entrySet().stream()
        .map(
            verdict ->
                "| %s | %s | %s | %s |\n"
                    .formatted(
                        verdict.getKey(),
                        verdict.getValue().equals("-") ? "" : shorten(verdict.getValue()),
                        ruleCounts(found.getOrDefault(verdict.getKey(), List.of())),
                        reasons(verdict.getValue())))
        .collect(Collectors.joining());
  }

  /** Without the facts in brackets, which are those of the trace. */
  private static String shorten(String verdict) {
    return verdict
        .replaceAll("dma-debug: ", "")
        .replaceAll("device driver ", "")
        .replaceAll("\\[[^\\]]*\\]?", "")
        .replaceAll("\\s+", " ")
        .replaceAll(" (;|$)", "$1")
        .strip();
  }

  private static String ruleCounts(List<Violation> violations) {
    Map<String, Long> counts =
        violations.stream()
            .collect(
                Collectors.groupingBy(
                    v -> v.ruleId() + " " + v.confidence(),
                    LinkedHashMap::new,
                    Collectors.counting()));
    return counts.entrySet().stream()
        .map(e -> e.getValue() == 1 ? e.getKey() : e.getKey() + " x" + e.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String reasons(String verdict) {
    return NOT_RECORDED.entrySet().stream()
        .filter(reason -> verdict.contains(reason.getKey()))
        .map(Map.Entry::getValue)
        .collect(Collectors.joining("; "));
  }
}
