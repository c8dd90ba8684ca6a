package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-SG-002: mapping a scatterlist gives at least one entry and never more than went in. */
@RuleInfo(
    id = "DMA-SG-002",
    title = "impossible entry count from dma_map_sg",
    severity = Severity.ERROR,
    on = Op.MAP_SG,
    needs = Family.SG,
    kernelSource = "kernel/dma/mapping.c __dma_map_sg_attrs()",
    confidenceNotes = "always certain: both counts are in the event")
final class SgOutputCount implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    if (t.ents() >= 1 && t.ents() <= t.nents()) {
      return;
    }
    out.report(
        this,
        List.of(),
        "dma_map_sg returned %d entries for %d [dma_addr=%s]"
            .formatted(t.ents(), t.nents(), Addresses.hex(t.dmaAddr())),
        List.of());
  }
}
