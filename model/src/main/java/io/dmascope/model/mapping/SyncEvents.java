package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaSync;
import io.dmascope.model.event.DmaSyncSg;
import io.dmascope.model.finding.MappingKind;

/* hot path */
/** {@code dma_sync_single_*} and {@code dma_sync_sg_*}. */
final class SyncEvents extends ReplayStep {
  SyncEvents(ReplayContext context) {
    super(context);
  }

  Device apply(DmaSync sync) {
    Device device = used(sync.device());
    begin(Op.SYNC, sync.header(), device, MappingKind.SINGLE, sync.direction());
    t.syncTarget = sync.target();
    findSynced(0, sync.dmaAddr(), sync.sizeBytes());
    judge();
    return device;
  }

  Device apply(DmaSyncSg sync) {
    Device device = used(sync.device());
    begin(Op.SYNC_SG, sync.header(), device, MappingKind.SCATTER_GATHER, sync.direction());
    t.syncTarget = sync.target();
    t.nents = sync.dmaAddrs().size();
    int entries = Math.min(sync.dmaAddrs().size(), sync.lengths().size());
    for (int i = 0; i < entries; i++) {
      long addr = sync.dmaAddrs().at(i);
      long length = sync.lengths().at(i);
      // Entries past the mapped count of a merged list read as the error cookie with length 0.
      if (length == 0 || addr == DmaAddress.ERROR) {
        continue;
      }
      findSynced(t.nents, addr, length);
      if (t.range == null || i == 0) {
        judge();
      }
      if (t.range == null) {
        break;
      }
      if (t.object.truncated()) {
        // The map's event left the entries past these out: nobody knows where they lie.
        entries = Math.min(entries, t.object.rangeCount());
      }
    }
    return device;
  }

  private void findSynced(int nents, long dmaAddr, long sizeBytes) {
    LiveMappings mappings = state.mappings();
    t.dmaAddr = dmaAddr;
    t.sizeBytes = sizeBytes;
    t.range = null;
    t.object = null;
    if (dmaAddr == DmaAddress.ERROR) {
      return;
    }
    long last = Addresses.last(dmaAddr, Math.max(sizeBytes, 1));
    int slot = mappings.ranges().slotContaining(t.device.id(), t.direction, nents, dmaAddr, last);
    if (slot != LiveMappings.NONE) {
      t.object = mappings.object(slot);
      t.range = mappings.rangeOf(t.object, slot);
      return;
    }
    int around = mappings.ranges().slotContaining(t.device.id(), t.direction, dmaAddr, dmaAddr);
    t.surrounding = around == LiveMappings.NONE ? null : mappings.ranges().range(around);
    t.formerly = mappings.ranges().formerly(t.device.id(), dmaAddr);
  }
}
