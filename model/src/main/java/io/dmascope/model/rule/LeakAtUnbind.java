package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.LeftBehind;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;

/** DMA-MAP-019: a driver lets go of its device and leaves mappings behind. */
@RuleInfo(
    id = "DMA-MAP-019",
    title = "mappings left behind where the driver lets go of the device",
    severity = Severity.ERROR,
    on = Op.DRIVER_BINDING,
    needs = Family.DRIVER_BINDING,
    kernelSource = "kernel/dma/debug.c dma_debug_device_change()",
    kernelMessage = "device driver has pending DMA allocations while released from device",
    confidenceNotes =
        "certain for allocations and for mappings through an IOMMU or swiotlb; suspect for directly"
            + " mapped ones, whose unmap a driver may leave out, and where events were lost")
final class LeakAtUnbind implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    LeftBehind left = t.leftBehind();
    if (left != null) {
      out.report(
          this,
          left.verdict(),
          "the driver has let go of the device and left mappings behind [count=%d] [bytes=%d] [oldest_at=%s] [oldest_size=%d] [mapped_as=%s]"
              .formatted(
                  left.count(),
                  left.bytes(),
                  Addresses.hex(left.dmaAddr()),
                  left.sizeBytes(),
                  left.kind().debugName()),
          left.examples());
    }
  }
}
