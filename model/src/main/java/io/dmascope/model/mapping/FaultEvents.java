package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.IoPageFault;

/** IOMMU faults, from {@code iommu:io_page_fault} or from the kernel log. */
final class FaultEvents extends ReplayStep {
  FaultEvents(ReplayContext context) {
    super(context);
  }

  Device apply(IoPageFault fault) {
    lookUp(fault);
    judge();
    return t.device();
  }

  /** Gathers what the state knows of the address at this moment. */
  Transition lookUp(IoPageFault fault) {
    Device device = device(fault.device());
    begin(Op.FAULT, fault.header(), device, null, DmaDirection.UNKNOWN);
    t.dmaAddr = fault.iova();
    t.accessKnown = fault.accessKnown();
    t.write = fault.write();
    t.timeErrorNs = fault.timeErrorNs();
    t.direction =
        !fault.accessKnown()
            ? DmaDirection.UNKNOWN
            : fault.write() ? DmaDirection.FROM_DEVICE : DmaDirection.TO_DEVICE;
    long page = Addresses.alignDown(fault.iova(), Addresses.IOMMU_GRANULE);
    t.range = live(device, fault.iova(), page);
    t.object = t.range == null ? null : t.range.owner();
    t.formerly = released(device, fault.iova(), page);
    if (page != 0) {
      t.surrounding =
          state
              .mappings()
              .ranges()
              .endingBefore(device.id(), page - Addresses.IOMMU_GRANULE, fault.iova());
    }
    return t;
  }

  /*
   * The IOMMU translates pages, so that whatever shares the page with the address governs it. VT-d moreover reports the
   * page alone (drivers/iommu/intel/dmar.c dmar_fault() masks the low bits), and the buffer may begin further in. Where
   * the very byte was mapped, that is the better answer.
   */

  private Range live(Device device, long iova, long page) {
    Range exact = state.mappings().ranges().containing(device.id(), t.direction, iova, iova);
    return exact != null
        ? exact
        : state
            .mappings()
            .ranges()
            .touching(device.id(), t.direction, page, page + Addresses.IOMMU_GRANULE - 1);
  }

  private Range released(Device device, long iova, long page) {
    Range exact = iova == page ? null : state.mappings().ranges().formerly(device.id(), iova);
    return exact != null
        ? exact
        : state
            .mappings()
            .ranges()
            .formerlyTouching(device.id(), page, page + Addresses.IOMMU_GRANULE - 1);
  }
}
