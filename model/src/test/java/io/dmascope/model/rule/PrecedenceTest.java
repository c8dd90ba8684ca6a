package io.dmascope.model.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.mapping.Op;
import io.dmascope.model.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One fault, one finding: what {@code docs/rules/precedence.md} promises. */
class PrecedenceTest {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", "."), "..", "docs", "rules", "precedence.md");

  @Test
  void doubleUnmap_withAnotherSizeAndDirection_isOnlyADoubleUnmap() {
    Scenario.assertScenario(
        """
        nic0  MAP    0x1000 4096 TO_DEVICE
        nic0  UNMAP  0x1000 4096 TO_DEVICE
        nic0  UNMAP  0x1000 2048 FROM_DEVICE   -> DMA-MAP-001 CERTAIN
        """);
  }

  @Test
  void errorCookie_isNotAlsoAnUnknownAddress() {
    Scenario.assertScenario(
        """
        nic0  UNMAP    ERROR 4096 TO_DEVICE    -> DMA-MAP-002 CERTAIN
        nic0  SYNC_CPU ERROR 4096 TO_DEVICE    -> DMA-MAP-002 CERTAIN
        """);
  }

  @Test
  void severalFaultsOfOneUnmap_areSeveralFindings_inTheOrderOfTheCatalogue() {
    Scenario.assertScenario(
        """
        nic0  ALLOC  0x1000 4096
        nic0  UNMAP  0x1000 2048 TO_DEVICE  -> DMA-MAP-005 CERTAIN, DMA-MAP-003 CERTAIN, DMA-MAP-004 CERTAIN
        """);
  }

  @Test
  void syncPastTheEnd_isNotAlsoASyncOfTheUnmapped() {
    Scenario.assertScenario(
        """
        nic0  MAP      0x1000 4096 FROM_DEVICE
        nic0  SYNC_CPU 0x1800 4096 TO_DEVICE   -> DMA-SYN-002 CERTAIN
        """);
  }

  @Test
  void holeThatAWrongUnmapLeaves_isNotReportedAgain() {
    Scenario.assertScenario(
        """
        -     IOMMU_MAP   0xe000 0x1000 4096
        gpu0  MAP         0xe000 4096 TO_DEVICE phys=0x1000
        -     IOMMU_UNMAP 0xe000 8192 unmapped=4096
        gpu0  UNMAP       0xe000 8192 TO_DEVICE   -> DMA-MAP-003 CERTAIN
        """);
  }

  @Test
  void unmapOfFewerEntries_isNotAlsoAHole() {
    Scenario.assertScenario(
        """
        -     IOMMU_MAP   0xe000 0x1000 8192
        sata  MAP_SG      TO_DEVICE phys={0x1000,0x2000} dma={0xe000} len={8192}
        sata  UNMAP_SG    TO_DEVICE phys={0x1000}   -> DMA-SG-001 CERTAIN
        -     IOMMU_UNMAP 0xe000 8192 unmapped=4096
        """);
  }

  @Test
  void fault_breaksOneRuleOnly() {
    for (String first : List.of("IOV-010", "IOV-011", "IOV-012")) {
      assertThat(idsOn(Op.FAULT)).contains(first);
    }
    Scenario.assertScenario(
        """
        gpu0  GROUP_ADD 3
        gpu0  MAP    0xe000 4096 FROM_DEVICE
        gpu0  UNMAP  0xe000 4096 FROM_DEVICE
        gpu0  MAP    0xe000 4096 TO_DEVICE
        gpu0  FAULT  0xe010 WRITE                -> IOV-010 CERTAIN
        gpu0  UNMAP  0xe000 4096 TO_DEVICE
        gpu0  FAULT  0xe010 WRITE                -> IOV-011 CERTAIN
        """);
  }

  @Test
  void page_tellsTheOrderOfEveryOperation() throws IOException {
    StringBuilder table = new StringBuilder("| operation | rules, in order |\n|---|---|\n");
    for (Op op : Op.values()) {
      if (idsOn(op).size() > 1) {
        table.append("| `%s` | %s |\n".formatted(op, String.join(", ", idsOn(op))));
      }
    }
    String page = Files.readString(PAGE);
    int begins = page.indexOf("| operation | rules");
    int ends = page.indexOf("\n\n", begins) + 1;
    if ("1".equals(System.getenv("UPDATE_GOLDEN"))) {
      Files.writeString(PAGE, page.substring(0, begins) + table + page.substring(ends));
    } else {
      assertThat(page.substring(begins, ends))
          .as("stale table: run this test with UPDATE_GOLDEN=1")
          .isEqualTo(table.toString());
    }
  }

  private static List<String> idsOn(Op op) {
    return RuleSet.all().on(op).stream().map(rule -> RuleCatalogue.infoOf(rule).id()).toList();
  }
}
