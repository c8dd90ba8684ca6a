package io.dmascope.model.rule;

import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Premise.RunsRemembered;
import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** IOV-001: a device behind an IOMMU got an address that no page table was made for. */
@RuleInfo(
    id = "IOV-001",
    title = "DMA address without a page-table entry",
    severity = Severity.ERROR,
    on = {Op.MAP, Op.ALLOC},
    signs = Sign.UNEXPLAINED_ADDRESS,
    needs = Family.IOMMU,
    kernelSource = "drivers/iommu/dma-iommu.c __iommu_dma_map()",
    confidenceNotes =
        "asked for devices of which the capture shows translated mappings; suspect where events"
            + " were lost or where device memory is mapped, which may keep its bus address")
final class DmaWithoutIommuMap implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    MappedObject object = t.object();
    if (!t.device().translated()
        || object.translation() == MappedObject.Translation.IOMMU
        || object.translation() == MappedObject.Translation.DIRECT
        || t.sizeBytes() == 0) {
      return;
    }
    out.report(
        this,
        List.of(
            NothingLost.ever(),
            new RunsRemembered(),
            Premise.given(t.kind() != MappingKind.RESOURCE, Reason.BUS_ADDRESS),
            Premise.given(t.op() != Op.ALLOC, Reason.POOL)),
        "no iommu:map of the task covers the new mapping %s".formatted(Evidence.where(t)),
        List.of());
  }
}
