package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.SpaceIntact;
import io.dmascope.model.mapping.Premise.Stands;
import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-MAP-008: behind an IOMMU two live mappings of a device cannot share an address. */
@RuleInfo(
    id = "DMA-MAP-008",
    title = "live mappings overlap behind an IOMMU",
    severity = Severity.ERROR,
    on = {Op.MAP, Op.MAP_SG, Op.ALLOC},
    signs = Sign.OVERLAP,
    needs = Family.IOMMU,
    kernelSource = "drivers/iommu/iova.c alloc_iova()",
    confidenceNotes =
        "silent where the older mapping's page tables were seen removed, since unmaps are logged"
            + " late; suspect after a wrong unmap of the device, which frees what is in use, and"
            + " where events were lost since it was mapped")
final class DoubleMapOverlap implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    if (t.overlap() == null || t.overlapExplained()) {
      return;
    }
    MappedObject older = t.overlap().owner();
    out.report(
        this,
        List.of(new Stands(older), new SpaceIntact(t.device())),
        "mapped where another mapping is still live %s [live_at=%s] [live_size=%d]"
            .formatted(
                Evidence.where(t), Addresses.hex(t.overlap().addr()), t.overlap().sizeBytes()),
        Evidence.mapped(older));
  }
}
