package io.dmascope.model.rule;

import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** IOV-014: a lazy domain gave an address out again before it can have flushed it. */
@RuleInfo(
    id = "IOV-014",
    title = "IOVA used again before the flush",
    severity = Severity.INFO,
    on = {Op.MAP, Op.MAP_SG, Op.ALLOC},
    needs = Family.IOMMU,
    facts = Fact.DOMAIN_TYPE,
    kernelSource = "drivers/iommu/dma-iommu.c fq_flush_timeout()",
    confidenceNotes =
        "always suspect: without flush events the time of a flush is only bounded. Asked in the"
            + " first 6 ms after a pause of 100 ms, while no queue can be full; silent for strict"
            + " domains and after a wrong unmap of the device")
final class StaleWindowReuse implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    if (t.stale() == null || t.device().addressSpaceTorn() || t.state().losses().any()) {
      return;
    }
    MappedObject former = t.stale().owner();
    long ageNs = t.header().timestampNs() - former.released().timestampNs();
    out.report(
        this,
        List.of(Premise.unknowable(Reason.NO_FLUSH)),
        "an IOVA is mapped again before its flush %s [iova=%s] [unmapped_us_ago=%d]"
            .formatted(Evidence.where(t), Addresses.hex(t.stale().addr()), ageNs / 1000),
        List.of(former.mappedHere(), former.releasedHere()));
  }
}
