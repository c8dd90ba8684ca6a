package io.dmascope.producer.synthetic.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.rule.RuleCatalogue;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultCatalogueTest {
  /** Rules about facts that made-up machines do not have yet. */
  private static final Set<String> NOT_YET =
      Set.of(
          "BUF-002",
          "BUF-004",
          "BUF-006",
          "BUF-007",
          "BUF-008",
          "BUF-009",
          "BUF-010",
          "DMA-MAP-009",
          "DMA-MAP-012",
          "DMA-MAP-015",
          "DMA-MAP-019",
          "DMA-MAP-020",
          "DMA-SG-003",
          "DMA-SG-004",
          "DMA-SG-005",
          "DMA-SG-006",
          "DMA-SG-007",
          "DMA-SG-009",
          "IOV-005",
          "IOV-006",
          "IOV-007",
          "IOV-008",
          "IOV-014",
          "P2P-001",
          "P2P-002",
          "P2P-004",
          "P2P-005",
          "P2P-006",
          "SWT-001",
          "SWT-002",
          "SWT-005");

  @Test
  void everyRule_canBeBroken() {
    List<String> unbreakable =
        RuleCatalogue.rules().stream()
            .map(rule -> RuleCatalogue.infoOf(rule).id())
            .filter(id -> FaultCatalogue.breaking(id).isEmpty() && !NOT_YET.contains(id))
            .toList();
    assertThat(unbreakable)
        .as("rules without a fault in io.dmascope.producer.synthetic.fault")
        .isEmpty();
  }

  @Test
  void everyFault_breaksARuleThatThereIs() {
    assertThat(FaultCatalogue.faults())
        .allMatch(fault -> RuleCatalogue.find(fault.ruleId()).isPresent());
  }
}
