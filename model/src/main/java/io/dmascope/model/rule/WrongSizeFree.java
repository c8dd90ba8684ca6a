package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Premise.OnlyDomain;
import io.dmascope.model.mapping.Tasks;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** IOV-007: a right unmap took another block of page-table entries away than the mapping had. */
@RuleInfo(
    id = "IOV-007",
    title = "IOVA block freed with another size",
    severity = Severity.ERROR,
    on = Op.IOMMU_UNMAP,
    needs = Family.IOMMU,
    kernelSource = "drivers/iommu/dma-iommu.c __iommu_dma_unmap()",
    confidenceNotes =
        "asked of single mappings whose unmap named the right size, so that DMA-MAP-003 and"
            + " DMA-SG-001 are not repeated; suspect where several devices are translated, since"
            + " iommu:unmap names none, and where events were lost")
final class WrongSizeFree implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    if (t.blockBytes() == 0) {
      return;
    }
    Tasks.Removal removal = t.removal();
    out.report(
        this,
        List.of(NothingLost.ever(), new OnlyDomain()),
        "the unmap removed another block than was mapped [iova=%s] [size=%s] [block_size=%d]"
            .formatted(
                Addresses.hex(removal.iova()),
                Long.toUnsignedString(removal.sizeBytes()),
                t.blockBytes()),
        List.of());
  }
}
