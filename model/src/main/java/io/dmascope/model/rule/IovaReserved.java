package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.DeviceRig;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Tasks;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** IOV-006: an address that the allocator must never give out. */
@RuleInfo(
    id = "IOV-006",
    title = "reserved or zero IOVA given out",
    severity = Severity.ERROR,
    on = {Op.MAP, Op.MAP_SG, Op.ALLOC},
    signs = Sign.PAGE_TABLE_RUNS,
    needs = Family.IOMMU,
    facts = Fact.RESERVED_IOVA,
    kernelSource = "drivers/iommu/dma-iommu.c iova_reserve_iommu_regions()",
    confidenceNotes =
        "always certain: asked of addresses that the mapping's own page-table runs translate, so"
            + " that peer addresses and direct devices are left alone")
final class IovaReserved implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    for (Tasks.Run run : t.runs()) {
      String what = reserved(t, run);
      if (!what.isEmpty()) {
        out.report(
            this,
            List.of(),
            "an IOVA was given out that never may be %s [iova=%s] [%s]"
                .formatted(Evidence.where(t), Addresses.hex(run.iova()), what),
            List.of(Evidence.at("page table made here", run.header())));
        return;
      }
    }
  }

  private static String reserved(Transition t, Tasks.Run run) {
    if (run.iova() == 0) {
      return "zero stands for failure";
    }
    for (DeviceRig.AddrRange range : t.state().rig().of(t.device()).neverGivenOut()) {
      if (range.overlaps(run.iova(), run.lastIova())) {
        return range.what();
      }
    }
    return "";
  }
}
