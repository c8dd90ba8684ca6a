package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;

/* hot path */
/** {@code iommu:map} and {@code iommu:unmap}: page tables, without a device. */
final class IommuEvents extends ReplayStep {
  private final RemovalCheck removals;

  IommuEvents(ReplayContext context, RemovalCheck removals) {
    super(context);
    this.removals = removals;
  }

  Device apply(IommuMap map) {
    Tasks tasks = state.tasks();
    begin(Op.IOMMU_MAP, map.header(), null, null, DmaDirection.UNKNOWN);
    t.dmaAddr = map.iova();
    t.sizeBytes = map.sizeBytes();
    if (map.sizeBytes() == 0) {
      return null;
    }
    state.pageTableRun(map.iova(), map.physAddr(), map.sizeBytes());
    t.doubleRun =
        tasks.unclaimedRun(map.header(), map.iova(), Addresses.last(map.iova(), map.sizeBytes()));
    tasks.mapped(new Tasks.Run(map.header(), map.iova(), map.physAddr(), map.sizeBytes()));
    if (t.doubleRun != null) {
      judge();
    }
    return null;
  }

  Device apply(IommuUnmap unmap) {
    Tasks tasks = state.tasks();
    Tasks.Removal removal =
        new Tasks.Removal(unmap.header(), unmap.iova(), unmap.sizeBytes(), unmap.unmappedBytes());
    Tasks.Closing closing = tasks.isClosing(unmap.header()) ? closing(unmap) : null;
    if (closing != null) {
      if (removal.hole() && !closing.faulty()) {
        removals.judge(removal, device(closing.device()));
      }
      return null;
    }
    Tasks.Removal forgotten = tasks.removed(removal);
    if (forgotten != null && forgotten.hole()) {
      removals.judge(forgotten, null);
    }
    return null;
  }

  private Tasks.Closing closing(IommuUnmap unmap) {
    Tasks.Closing closing =
        state
            .tasks()
            .takeClosing(
                unmap.header(), unmap.iova(), Addresses.last(unmap.iova(), unmap.sizeBytes()));
    return closing == null ? closingOfTwin(unmap) : closing;
  }

  /**
   * {@code dma_unmap_sg} names memory alone, and several lists of it may be mapped: which one was
   * meant the page tables tell that are removed next.
   */
  private Tasks.Closing closingOfTwin(IommuUnmap unmap) {
    Tasks.Closing closing = state.tasks().newestClosing(unmap.header());
    if (closing == null || state.losses().since(closing.header().sequence())) {
      return null;
    }
    MappedList meant =
        state
            .mappings()
            .lists()
            .meantTwin(device(closing.device()), closing.header(), unmap.iova(), state.granule());
    if (meant == null) {
      return null;
    }
    MappedList twin = state.mappings().exchange(meant, closing.header());
    if (state.cachelines() != null) {
      state.cachelines().enter(twin);
    }
    state.tasks().closed(unmap.header());
    return closing;
  }
}
