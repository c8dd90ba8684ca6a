package io.dmascope.model.rule;

import io.dmascope.model.fault.FaultKind;
import io.dmascope.model.fault.FaultVerdict;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;

/** IOV-010: the device wrote where it may only read, or read where it may only write. */
@RuleInfo(
    id = "IOV-010",
    title = "device access against the mapping's direction",
    severity = Severity.ERROR,
    on = Op.FAULT,
    needs = Family.FAULT,
    kernelSource = "drivers/iommu/dma-iommu.c dma_info_to_prot()",
    kernelMessage =
        "[DMA Write NO_PASID] Request device [...] fault addr 0x... [fault reason 0x05]",
    confidenceNotes =
        "suspect where the fault's time is uncertain or events were lost since it was mapped")
final class FaultAgainstDirection implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    FaultVerdict verdict = FaultVerdict.of(t);
    if (verdict.kind() != FaultKind.AGAINST_DIRECTION) {
      return;
    }
    MappedObject object = verdict.range().owner();
    out.report(
        this,
        verdict.verdict(),
        "the device %s memory that %s mapped %s [iova=%s]"
            .formatted(
                t.write() ? "wrote to" : "read",
                object.live() ? "is" : "was",
                object.direction(),
                Addresses.hex(t.dmaAddr())),
        Evidence.life(object));
  }
}
