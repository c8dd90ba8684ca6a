package io.dmascope.model.rule;

import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Tasks;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** IOV-004: less was mapped than an unmap was to remove. */
@RuleInfo(
    id = "IOV-004",
    title = "unmap of a range with a hole",
    severity = Severity.ERROR,
    on = Op.IOMMU_UNMAP,
    needs = Family.IOMMU,
    kernelSource = "drivers/iommu/dma-iommu.c __iommu_dma_unmap()",
    kernelMessage = "WARN_ON(unmapped != size)",
    confidenceNotes =
        "certain for a DMA unmap whose own size is right; suspect for others, which may belong to"
            + " VFIO. Follow-ups of a wrong unmap are not reported again")
final class IovaUnmapHole implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    Tasks.Removal removal = t.removal();
    if (!removal.hole()) {
      return;
    }
    out.report(
        this,
        List.of(NothingLost.ever(), Premise.given(t.removalClaimed(), Reason.OTHER_USER)),
        "iommu:unmap found less mapped than it was to remove [iova=%s] [size=%s] [unmapped_size=%s]"
            .formatted(
                Addresses.hex(removal.iova()),
                Long.toUnsignedString(removal.sizeBytes()),
                Long.toUnsignedString(removal.unmappedBytes())),
        List.of());
  }
}
