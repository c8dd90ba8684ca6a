package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.IoPageFault;
import java.util.function.Predicate;

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
    Device named = device(fault.device());
    begin(Op.FAULT, fault.header(), named, null, DmaDirection.UNKNOWN);
    t.dmaAddr = fault.iova();
    t.accessKnown = fault.accessKnown();
    t.write = fault.write();
    t.timeErrorNs = fault.timeErrorNs();
    t.direction =
        !fault.accessKnown()
            ? DmaDirection.UNKNOWN
            : fault.write() ? DmaDirection.FROM_DEVICE : DmaDirection.TO_DEVICE;
    long page = Addresses.alignDown(fault.iova(), Addresses.IOMMU_GRANULE);
    Device device = isNamed(fault) ? named : inferred(fault.iova(), page);
    if (device == null) {
      t.faultDevice = FaultDevice.UNKNOWN;
      return t;
    }
    if (!isNamed(fault)) {
      t.device = device;
      t.faultDevice = FaultDevice.INFERRED;
    }
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

  /** Some IOMMUs print their own name and a stream id, and the tracepoint NULL. */
  private static boolean isNamed(IoPageFault fault) {
    return !fault.device().isEmpty() && !fault.device().equals("NULL");
  }

  /** The one device that has, or else had, something in the page; null where there are several. */
  private Device inferred(long iova, long page) {
    Device found = only(device -> live(device, iova, page) != null);
    return found == null && !anyLive(iova, page)
        ? only(device -> released(device, iova, page) != null)
        : found;
  }

  private boolean anyLive(long iova, long page) {
    for (int id = 0; id < state.devices().size(); id++) {
      if (live(state.devices().at(id), iova, page) != null) {
        return true;
      }
    }
    return false;
  }

  private Device only(Predicate<Device> candidate) {
    Device found = null;
    for (int id = 0; id < state.devices().size(); id++) {
      Device device = state.devices().at(id);
      if (candidate.test(device)) {
        if (found != null) {
          return null;
        }
        found = device;
      }
    }
    return found;
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
