package io.dmascope.producer.synthetic.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.rule.RuleCatalogue;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultCatalogueTest {
  @Test
  void everyRule_canBeBroken() {
    List<String> unbreakable =
        RuleCatalogue.rules().stream()
            .map(rule -> RuleCatalogue.infoOf(rule).id())
            .filter(id -> FaultCatalogue.breaking(id).isEmpty())
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
