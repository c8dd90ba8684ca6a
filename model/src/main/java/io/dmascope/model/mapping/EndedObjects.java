package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingLifecycle;

/* hot path */
/**
 * What follows when an event ends an object: which one it means, and what stands there otherwise.
 */
final class EndedObjects extends ReplayStep {
  /**
   * Other devices asked for an address that a device never mapped; keeps hostile captures linear.
   */
  private static final int DEVICES_ASKED_MAX = 256;

  EndedObjects(ReplayContext context) {
    super(context);
  }

  /**
   * Matches and ends the object that starts at the address, or gathers what else is known of the
   * address.
   *
   * @param removedAt sequence of the page-table removal that belongs to the event, or {@link
   *     LiveMappings#NONE}
   */
  void end(long dmaAddr, long sizeBytes, long removedAt) {
    t.dmaAddr = dmaAddr;
    t.sizeBytes = sizeBytes;
    if (dmaAddr == DmaAddress.ERROR) {
      return;
    }
    LiveMappings mappings = state.mappings();
    int slot =
        mappings.matchStart(t.device.id(), t.kind, t.direction, dmaAddr, sizeBytes, removedAt);
    if (slot == LiveMappings.NONE) {
      slot = madeBeforeItsName(dmaAddr, sizeBytes, removedAt);
    }
    t.candidates = mappings.candidates();
    if (!mappings.matchedEqual()) {
      t.endedBefore = mappings.endOfAlike();
    }
    if (t.device.translated()
        && !foundNothing(slot)
        && !mappings.isWholeBlock(slot, sizeBytes, state.granule())) {
      t.device.addressSpaceTorn = true;
    }
    if (slot == LiveMappings.NONE) {
      lookAround(dmaAddr);
      if (t.surrounding != null) {
        mappings.tear(t.surrounding.owner());
      }
      return;
    }
    t.object = mappings.object(slot);
    t.range = mappings.rangeOf(t.object, slot);
    if (t.object instanceof MappedList list) {
      mappings.releaseEntries(list, t.range.index(), t.range.index() + 1, t.header);
    } else {
      release(t.object);
    }
  }

  /**
   * What the device may have mapped before it had a name, if that is like what is ended now; a
   * channel's pool is allocated before its device is named, and freed after
   * (drivers/s390/cio/device.c io_subchannel_allocate_dev()).
   */
  private int madeBeforeItsName(long dmaAddr, long sizeBytes, long removedAt) {
    Device nameless = state.devices().find(Device.NAMELESS);
    if (nameless == null || nameless == t.device) {
      return LiveMappings.NONE;
    }
    LiveMappings mappings = state.mappings();
    int slot =
        mappings.matchStart(nameless.id(), t.kind, t.direction, dmaAddr, sizeBytes, removedAt);
    if (mappings.matchedEqual()) {
      return slot;
    }
    // Asked again so that the candidates are the device's own.
    return mappings.matchStart(t.device.id(), t.kind, t.direction, dmaAddr, sizeBytes, removedAt);
  }

  /**
   * Where an address leads nowhere the kernel warns and frees nothing (drivers/iommu/dma-iommu.c
   * iommu_dma_unmap_phys()).
   */
  private boolean foundNothing(int slot) {
    return slot == LiveMappings.NONE && t.noPageTableRemoval && !state.losses().any();
  }

  private void lookAround(long dmaAddr) {
    LiveMappings mappings = state.mappings();
    int around = mappings.ranges().slotContaining(t.device.id(), t.direction, dmaAddr, dmaAddr);
    if (around != LiveMappings.NONE && mappings.addr(around) != dmaAddr) {
      t.surrounding = mappings.ranges().range(around);
    }
    t.formerly = mappings.ranges().formerly(t.device.id(), dmaAddr);
    int devices = Math.min(state.devices().size(), DEVICES_ASKED_MAX);
    for (int id = 0; id < devices && t.elsewhere == null; id++) {
      if (id != t.device.id() && !state.devices().at(id).isNameless()) {
        int there =
            mappings.matchStart(id, t.kind, t.direction, dmaAddr, t.sizeBytes, LiveMappings.NONE);
        t.elsewhere = there == LiveMappings.NONE ? null : mappings.ranges().range(there).owner();
      }
    }
    if (t.surrounding == null && t.formerly == null && t.candidates == 0) {
      t.device.unseenUnmaps++;
    }
  }

  void release(MappedObject object) {
    Device device = object.device();
    if (state.flushes() != null
        && object.translation() == MappedObject.Translation.IOMMU
        && state.rig().of(device).lazy()) {
      state.flushes().unmapped(state.rig().of(device).group(), t.header.timestampNs());
    }
    if (state.order().asks()) {
      state.order().ended(object, t);
    }
    boolean only = object.instances() == 1;
    state.mappings().release(object, t.header);
    // Which of several equal instances ended cannot be known, so neither can its age.
    if (only) {
      lifecycle(
          new MappingLifecycle(
              object.device().name(),
              object.kind(),
              object.direction(),
              object.dmaAddr(),
              object.sizeBytes(),
              object.nents(),
              object.ents(),
              EventRef.of(object.lastMapped()),
              EventRef.of(t.header)));
    }
  }

  /** Ends an object whose page tables are removed after the event. */
  void endThenClose(long dmaAddr, long sizeBytes) {
    end(dmaAddr, sizeBytes, LiveMappings.NONE);
    if (state.counts().seen(EventCounts.Family.IOMMU)) {
      boolean faulty = t.object == null || t.object.torn() || t.range.sizeBytes() != sizeBytes;
      state
          .tasks()
          .closing(
              new Tasks.Closing(
                  t.header,
                  t.device.name(),
                  Addresses.alignDown(dmaAddr, Addresses.IOMMU_GRANULE),
                  Addresses.last(dmaAddr, Math.max(sizeBytes, 1)),
                  faulty));
    }
    judge();
  }

  void close(MappedObject list, boolean faulty) {
    if (list.rangeCount() == 0 || !state.counts().seen(EventCounts.Family.IOMMU)) {
      return;
    }
    Range last = list.range(list.rangeCount() - 1);
    state
        .tasks()
        .closing(
            new Tasks.Closing(
                t.header,
                t.device.name(),
                Addresses.alignDown(list.dmaAddr(), Addresses.IOMMU_GRANULE),
                last.lastAddr(),
                faulty || list.torn()));
  }
}
