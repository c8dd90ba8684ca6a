package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.IoPageFault;
import java.util.ArrayList;
import java.util.List;
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
      return t;
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
    boolean explained = t.range != null || t.formerly != null || t.surrounding != null;
    t.alias = explained || device.maps > 0 ? null : alias(device, fault.iova(), page);
    return t;
  }

  /** Some IOMMUs print their own name and a stream id, and the tracepoint NULL. */
  private static boolean isNamed(IoPageFault fault) {
    return !fault.device().isEmpty() && !fault.device().equals("NULL");
  }

  /** The one device that has, or else had, something in the page; null where there is not one. */
  private Device inferred(long iova, long page) {
    List<Device> candidates = having(device -> live(device, iova, page) != null);
    if (candidates.isEmpty()) {
      candidates = having(device -> released(device, iova, page) != null);
    }
    if (candidates.size() != 1) {
      t.faultDevice = candidates.isEmpty() ? FaultDevice.NOBODY : FaultDevice.SEVERAL;
      return null;
    }
    t.device = candidates.getFirst();
    t.faultDevice = FaultDevice.INFERRED;
    return t.device;
  }

  /**
   * Another function of the slot, or another device of the IOMMU group, that has the page mapped:
   * for a device that never mapped anything it may be the one that is meant ({@code
   * drivers/pci/quirks.c quirk_dma_func1_alias()}, and what stands behind a bridge).
   */
  private Device alias(Device device, long iova, long page) {
    return having(
            other ->
                other != device
                    && (sameSlot(device.name(), other.name()) || sameGroup(device, other))
                    && live(other, iova, page) != null)
        .stream()
        .findFirst()
        .orElse(null);
  }

  private static boolean sameGroup(Device a, Device b) {
    return a.group() >= 0 && a.group() == b.group();
  }

  /** PCI names differ in the function alone: {@code 0000:05:00.0} and {@code 0000:05:00.1}. */
  private static boolean sameSlot(String a, String b) {
    int dot = a.lastIndexOf('.');
    return dot > 0 && dot == b.lastIndexOf('.') && a.regionMatches(0, b, 0, dot);
  }

  private List<Device> having(Predicate<Device> something) {
    List<Device> found = new ArrayList<>();
    for (int id = 0; id < state.devices().size(); id++) {
      if (something.test(state.devices().at(id))) {
        found.add(state.devices().at(id));
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
