package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-SG-004: without an IOMMU every entry keeps its place and its length. */
@RuleInfo(
    id = "DMA-SG-004",
    title = "direct scatterlist is not one to one",
    severity = Severity.ERROR,
    on = Op.MAP_SG,
    needs = Family.SG,
    kernelSource = "kernel/dma/direct.c dma_direct_map_sg()",
    confidenceNotes =
        "asked of devices that the capture shows mapped directly and never through an IOMMU or a"
            + " bounce buffer; certain where entries were merged, suspect where one lies elsewhere:"
            + " it may have bounced, or be in another dma-range")
final class DirectNotOneToOne implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    MappedObject list = t.object();
    if (!t.device().isDirect()
        || t.device().translated()
        || t.bounce() != null
        || !t.runs().isEmpty()
        || list.translation() == MappedObject.Translation.DIRECT) {
      return;
    }
    if (t.ents() != t.nents()) {
      out.report(
          this,
          "",
          "dma_map_sg of a device without an IOMMU merged entries %s [nents=%d] [ents=%d]"
              .formatted(Evidence.where(t), t.nents(), t.ents()),
          List.of());
      return;
    }
    for (int i = 0; i < Math.min(list.rangeCount(), list.physAddrs().size()); i++) {
      long physAddr = list.physAddrs().at(i);
      if (list.range(i).addr() != physAddr && t.state().rig().peers().owner(physAddr).isEmpty()) {
        out.report(
            this,
            t.state().counts().seen(Family.BOUNCE)
                ? "the entry may lie in another dma-range of the bus"
                : "it may have bounced: no swiotlb events are recorded",
            "an entry of a directly mapped list lies elsewhere [entry=%d] %s [phys_addr=%s]"
                .formatted(
                    i,
                    Evidence.where(list.range(i).addr(), list.range(i).sizeBytes()),
                    Addresses.hex(physAddr)),
            List.of());
        return;
      }
    }
  }
}
