package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingKind;
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
   */
  void end(long dmaAddr, long sizeBytes) {
    t.dmaAddr = dmaAddr;
    t.sizeBytes = sizeBytes;
    if (dmaAddr == DmaAddress.ERROR) {
      return;
    }
    LiveMappings mappings = state.mappings();
    LiveMappings.Match match =
        mappings.matchStart(t.device.id(), t.kind, t.direction, dmaAddr, sizeBytes);
    t.candidates = match.candidates();
    t.device.addressSpaceTorn |= t.device.translated() && !frees(match.range(), sizeBytes);
    if (match.range() == null) {
      lookAround(dmaAddr);
      if (t.surrounding != null) {
        mappings.tear(t.surrounding.owner);
      }
      return;
    }
    t.range = match.range();
    t.object = t.range.owner;
    if (t.object.kind() == MappingKind.SCATTER_GATHER) {
      mappings.releaseEntries(t.object, t.range.index, t.range.index + 1, t.header);
    } else {
      release(t.object);
    }
  }

  /**
   * True where an unmap of that size frees what the allocator gave out for the range, and no less.
   */
  private boolean frees(Range range, long sizeBytes) {
    return range != null && range.owner.kind() == t.kind && range.sizeBytes == sizeBytes;
  }

  private void lookAround(long dmaAddr) {
    LiveMappings mappings = state.mappings();
    t.surrounding = mappings.containing(t.device.id(), t.direction, dmaAddr, dmaAddr);
    if (t.surrounding != null && t.surrounding.addr == dmaAddr) {
      t.surrounding = null;
    }
    t.formerly = mappings.formerly(t.device.id(), dmaAddr);
    int devices = Math.min(state.devices().size(), DEVICES_ASKED_MAX);
    for (int id = 0; id < devices && t.elsewhere == null; id++) {
      if (id != t.device.id()) {
        Range range = mappings.matchStart(id, t.kind, t.direction, dmaAddr, t.sizeBytes).range();
        t.elsewhere = range == null ? null : range.owner;
      }
    }
    if (t.surrounding == null && t.formerly == null && t.candidates == 0) {
      t.device.unseenUnmaps++;
    }
  }

  void release(MappedObject object) {
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
    end(dmaAddr, sizeBytes);
    if (state.counts().seen(EventCounts.Family.IOMMU)) {
      boolean faulty = t.object == null || t.range.sizeBytes != sizeBytes;
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
                faulty));
  }
}
