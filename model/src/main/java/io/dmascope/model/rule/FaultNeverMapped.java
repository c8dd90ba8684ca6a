package io.dmascope.model.rule;

import io.dmascope.model.fault.FaultVerdict;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Range;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** IOV-012: the device used an address that was never mapped, or just past the end of a mapping. */
@RuleInfo(
    id = "IOV-012",
    title = "device access to an address that was never mapped",
    severity = Severity.ERROR,
    on = Op.FAULT,
    needs = Family.FAULT,
    kernelSource = "drivers/iommu/iommu.c report_iommu_fault()",
    confidenceNotes =
        "suspect where events were lost, where the recording may have begun late, or where the"
            + " history was too long to be remembered")
final class FaultNeverMapped implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    FaultVerdict verdict = FaultVerdict.of(t);
    switch (verdict.kind()) {
      case NEVER_MAPPED ->
          out.report(
              this,
              verdict.verdict(),
              "the device used an address that was never mapped [iova=%s]"
                  .formatted(Addresses.hex(t.dmaAddr())),
              List.of());
      case PAST_END -> pastEnd(t, verdict, out);
      case AGAINST_DIRECTION, AFTER_UNMAP, ALLOWED, NO_DEVICE -> {}
    }
  }

  private void pastEnd(Transition t, FaultVerdict verdict, Findings out) {
    Range before = verdict.range();
    out.report(
        this,
        verdict.verdict(),
        "the device used an address %d bytes past the end of a live mapping [iova=%s] [mapped_at=%s] [mapped_size=%d]"
            .formatted(
                t.dmaAddr() - before.lastAddr(),
                Addresses.hex(t.dmaAddr()),
                Addresses.hex(before.addr()),
                before.sizeBytes()),
        Evidence.mapped(before.owner()));
  }
}
