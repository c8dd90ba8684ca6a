package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.IommuAttach;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.rig.PciFunction;
import java.util.Optional;

/** Devices that join or leave IOMMU groups, or are attached to a domain. */
final class GroupEvents extends ReplayStep {
  GroupEvents(ReplayContext context) {
    super(context);
  }

  Device apply(IommuGroupChange change) {
    Device device = device(change.device());
    if (change.added()) {
      device.group = change.groupId();
      device.leftBehindTold = false;
      // A device that joins its group before any of its DMA was seen cannot have mapped anything
      // yet.
      device.bornInCapture = !device.eventsSeen;
    } else {
      device.group = -1;
      // BUS_NOTIFY_REMOVED_DEVICE: the driver was unbound before.
      begin(Op.DRIVER_BINDING, change.header(), device, null, DmaDirection.UNKNOWN);
      driverGone(device);
      judge();
      gone(device, change.header());
    }
    return null;
  }

  /**
   * Looks for mappings of the device's memory by others; once a device, since all have to be asked.
   */
  private void gone(Device provider, EventHeader header) {
    Optional<PciFunction> pci = state.rig().of(provider).pci();
    if (provider.gone || pci.isEmpty() || pci.get().bars().isEmpty()) {
      return;
    }
    provider.gone = true;
    begin(Op.DEVICE_GONE, header, provider, null, DmaDirection.UNKNOWN);
    for (Range range : state.mappings().ranges().live()) {
      MappedObject object = range.owner();
      if (object.device() != provider && leadsTo(range, provider)) {
        t.orphans++;
        if (t.orphan == null
            || object.firstMapped().sequence() < t.orphan.firstMapped().sequence()) {
          t.orphan = object;
          t.range = range;
        }
      }
    }
    if (t.orphan != null) {
      t.dmaAddr = t.range.addr();
      t.sizeBytes = t.range.sizeBytes();
      judge();
    }
  }

  /** An entry of a merged list is not known by its own address, and is not asked. */
  private boolean leadsTo(Range range, Device provider) {
    MappedObject object = range.owner();
    boolean list = object.kind() == MappingKind.SCATTER_GATHER;
    boolean allocated = !list && !isMapping(object.kind());
    if (allocated || (list && object.ents() != object.nents())) {
      return false;
    }
    if (list && range.index() >= object.physAddrs().size()) {
      return false;
    }
    long physAddr = list ? object.physAddrs().at(range.index()) : object.physAddr();
    return state
        .rig()
        .peers()
        .owner(physAddr)
        .filter(owner -> owner.device().equals(provider.name()))
        .isPresent();
  }

  private static boolean isMapping(MappingKind kind) {
    return kind == MappingKind.SINGLE || kind == MappingKind.RESOURCE;
  }

  Device apply(IommuAttach attach) {
    return device(attach.device());
  }
}
