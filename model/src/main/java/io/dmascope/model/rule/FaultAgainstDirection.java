package io.dmascope.model.rule;

import io.dmascope.model.event.DmaDirection;
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
    MappedObject object = t.object();
    if (object == null || !t.accessKnown() || allows(object.direction(), t.write())) {
      return;
    }
    out.report(
        this,
        Evidence.doubt(Faults.doubtOfTime(t, object.lastMapped()), t.doubtAbout(object)),
        "the device %s memory that is mapped %s [iova=%s]"
            .formatted(
                t.write() ? "wrote to" : "read", object.direction(), Addresses.hex(t.dmaAddr())),
        Evidence.mapped(object));
  }

  private static boolean allows(DmaDirection direction, boolean write) {
    return direction == DmaDirection.BIDIRECTIONAL
        || direction == (write ? DmaDirection.FROM_DEVICE : DmaDirection.TO_DEVICE);
  }
}
