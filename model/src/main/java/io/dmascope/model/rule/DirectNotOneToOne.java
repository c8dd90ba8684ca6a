package io.dmascope.model.rule;

import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Transition;
import io.dmascope.model.rig.RigIommuGroup.DomainType;
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
            + " bounce buffer; certain where entries were merged and the manifest gives the device"
            + " an identity domain, suspect where they were merged for the first time without that."
            + " An entry that lies elsewhere is suspect, it may be in another dma-range, and asked"
            + " for only where swiotlb events are recorded")
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
    if (t.ents() > t.nents()) {
      return; // DMA-SG-002: no backend can do that
    }
    if (t.ents() != t.nents()) {
      merged(t, out);
    } else if (t.state().counts().seen(Family.BOUNCE)) {
      displaced(t, list, out);
    }
  }

  /**
   * An IOMMU whose events are not recorded merges, and peer memory has its physical address there
   * too: without the manifest's word the first merged list tells the two apart no better.
   */
  private void merged(Transition t, Findings out) {
    boolean identity = t.state().rig().of(t.device()).domainType() == DomainType.IDENTITY;
    if (!identity && t.device().mergedBefore(t.nents() - t.ents())) {
      return;
    }
    out.report(
        this,
        List.of(Premise.given(identity, Reason.NO_PAGE_TABLES_BEFORE)),
        "dma_map_sg of a device without an IOMMU merged entries %s [nents=%d] [ents=%d]"
            .formatted(Evidence.where(t), t.nents(), t.ents()),
        List.of());
  }

  private void displaced(Transition t, MappedObject list, Findings out) {
    for (int i = 0; i < Math.min(list.rangeCount(), list.physAddrs().size()); i++) {
      long physAddr = list.physAddrs().at(i);
      if (list.range(i).addr() != physAddr && t.state().rig().peers().owner(physAddr).isEmpty()) {
        out.report(
            this,
            List.of(Premise.unknowable(Reason.OTHER_DMA_RANGE)),
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
