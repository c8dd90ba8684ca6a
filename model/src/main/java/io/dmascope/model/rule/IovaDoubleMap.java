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

/** IOV-003: a page-table entry is made where one stands already. */
@RuleInfo(
    id = "IOV-003",
    title = "IOVA mapped twice without an unmap",
    severity = Severity.ERROR,
    on = Op.IOMMU_MAP,
    needs = Family.IOMMU,
    kernelSource = "drivers/iommu/iommu.c iommu_map()",
    confidenceNotes =
        "asked only while one device is translated, since iommu:map names no domain and two domains"
            + " may use one IOVA; suspect all the same, VFIO and the like have domains of their"
            + " own")
final class IovaDoubleMap implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    if (t.state().translatedDevices() != 1) {
      return;
    }
    Tasks.Run run = t.doubleRun();
    out.report(
        this,
        List.of(NothingLost.since(run.header()), Premise.unknowable(Reason.NO_DOMAIN_NAMED)),
        "iommu:map where the task has mapped already [iova=%s] [size=%d] [mapped_at=%s] [mapped_size=%d]"
            .formatted(
                Addresses.hex(t.dmaAddr()),
                t.sizeBytes(),
                Addresses.hex(run.iova()),
                run.sizeBytes()),
        List.of(Evidence.at("mapped here", run.header())));
  }
}
