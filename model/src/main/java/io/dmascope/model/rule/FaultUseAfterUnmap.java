package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;

/** IOV-011: the device used an address whose mapping had ended. */
@RuleInfo(
    id = "IOV-011",
    title = "device access after the unmap",
    severity = Severity.ERROR,
    on = Op.FAULT,
    needs = Family.FAULT,
    kernelSource = "drivers/iommu/iommu.c report_iommu_fault()",
    confidenceNotes =
        "suspect where the fault's time is uncertain or events were lost since the mapping was made")
final class FaultUseAfterUnmap implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    if (t.object() != null || t.formerly() == null) {
      return;
    }
    MappedObject object = t.formerly().owner();
    out.report(
        this,
        Evidence.doubt(
            Faults.doubtOfTime(t, object.released()), t.doubtSince(object.firstMapped())),
        "the device used an address that was unmapped %s before [iova=%s] [was_at=%s] [was_size=%d]"
            .formatted(
                Faults.ago(t, object.released()),
                Addresses.hex(t.dmaAddr()),
                Addresses.hex(t.formerly().addr()),
                t.formerly().sizeBytes()),
        Evidence.life(object));
  }
}
