package io.dmascope.model.rule;

import io.dmascope.model.fault.Durations;
import io.dmascope.model.fault.FaultKind;
import io.dmascope.model.fault.FaultVerdict;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Range;
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
        "suspect where the fault's time is uncertain or events were lost since the mapping was"
            + " made")
final class FaultUseAfterUnmap implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    FaultVerdict verdict = FaultVerdict.of(t);
    if (verdict.kind() != FaultKind.AFTER_UNMAP) {
      return;
    }
    Range range = verdict.range();
    out.report(
        this,
        verdict.verdict(),
        "the device used an address that was unmapped %s before [iova=%s] [was_at=%s] [was_size=%d]"
            .formatted(
                Durations.millis(t.header().timestampNs() - range.owner().released().timestampNs()),
                Addresses.hex(t.dmaAddr()),
                Addresses.hex(range.addr()),
                range.sizeBytes()),
        Evidence.life(range.owner()));
  }
}
