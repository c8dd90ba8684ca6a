package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.IoPageFault;

/** IOMMU faults, from {@code iommu:io_page_fault} or from the kernel log. */
final class FaultEvents extends ReplayStep {
  FaultEvents(ReplayContext context) {
    super(context);
  }

  Device apply(IoPageFault fault) {
    Device device = device(fault.device());
    begin(Op.FAULT, fault.header(), device, null, DmaDirection.UNKNOWN);
    t.dmaAddr = fault.iova();
    t.accessKnown = fault.accessKnown();
    t.write = fault.write();
    t.timeErrorNs = fault.timeErrorNs();
    LiveMappings mappings = state.mappings();
    t.direction =
        !fault.accessKnown()
            ? DmaDirection.UNKNOWN
            : fault.write() ? DmaDirection.FROM_DEVICE : DmaDirection.TO_DEVICE;
    t.range = mappings.containing(device.id(), t.direction, fault.iova(), fault.iova());
    t.object = t.range == null ? null : t.range.owner;
    t.formerly = mappings.formerly(device.id(), fault.iova());
    long granule = Addresses.alignDown(fault.iova(), Addresses.IOMMU_GRANULE);
    if (granule != 0) {
      t.surrounding =
          mappings.overlapping(device.id(), granule - Addresses.IOMMU_GRANULE, granule - 1, null);
    }
    judge();
    return device;
  }
}
