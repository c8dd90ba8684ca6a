package io.dmascope.model.rule;

import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Tasks;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** IOV-002: the page table leads elsewhere than the buffer that was mapped. */
@RuleInfo(
    id = "IOV-002",
    title = "page table leads to another address",
    severity = Severity.ERROR,
    on = Op.MAP,
    signs = Sign.PAGE_TABLE_RUNS,
    needs = Family.IOMMU,
    kernelSource = "drivers/iommu/dma-iommu.c iommu_dma_map_phys()",
    confidenceNotes =
        "suspect unless the capture carries swiotlb events, since a bounce buffer has another"
            + " address; suspect where events were lost")
final class WrongTranslation implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    if (t.bounce() != null || t.runs().size() != 1) {
      return;
    }
    Tasks.Run run = t.runs().get(0);
    long expected = run.physAddr() + (t.dmaAddr() - run.iova());
    if (expected == t.object().physAddr()) {
      return;
    }
    out.report(
        this,
        List.of(
            NothingLost.since(run.header()),
            Premise.given(t.state().counts().seen(Family.BOUNCE), Reason.NO_BOUNCES)),
        "the page table leads to %s, not to the mapped buffer %s [phys_addr=%s]"
            .formatted(
                Addresses.hex(expected), Evidence.where(t), Addresses.hex(t.object().physAddr())),
        List.of(Evidence.at("page table made here", run.header())));
  }
}
