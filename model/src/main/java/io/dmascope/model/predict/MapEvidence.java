package io.dmascope.model.predict;

import io.dmascope.model.backend.PageTableRun;
import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.SwiotlbBounce;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the events before a map tell about it.
 *
 * @param runs page-table runs of its addresses, in order; empty where none were seen
 * @param bounces buffers that were bounced for it, in the order of its entries
 * @param entryRuns the runs of each entry of a list that was mapped entry by entry, as {@code
 *     iommu_dma_map_sg_swiotlb()} does; else empty
 * @param began where the first of its runs was traced: the address was taken just before
 */
record MapEvidence(
    BackendKind backend,
    List<PageTableRun> runs,
    List<SwiotlbBounce> bounces,
    Optional<EventHeader> began,
    List<TaskTrail.Runs> entryRuns) {

  private MapEvidence(
      BackendKind backend,
      List<PageTableRun> runs,
      List<SwiotlbBounce> bounces,
      Optional<EventHeader> began) {
    this(backend, runs, bounces, began, List.of());
  }

  /** Where the page table leads for a single map's DMA address: into its bounce slot. */
  long slotAddr(long dmaAddr, long granule) {
    return runs.isEmpty() ? dmaAddr : runs.getFirst().physAddr() + (dmaAddr & (granule - 1));
  }

  /** The same of an entry of a list that was mapped entry by entry. */
  long slotAddr(int entry, long dmaAddr, long granule) {
    return entryRuns.get(entry).runs().getFirst().physAddr() + (dmaAddr & (granule - 1));
  }

  /** True where the page table of that entry leads elsewhere than to its memory. */
  boolean isBounced(int entry, long physAddr, long granule) {
    return entryRuns.get(entry).runs().getFirst().physAddr() != (physAddr & -granule);
  }

  /** Takes what belongs to the map out of the trail of its task. */
  static MapEvidence of(DmaMap event, TaskTrail trail, long granule) {
    Optional<SwiotlbBounce> bounce =
        trail.takeBounce(event.header(), event.device(), event.sizeBytes());
    boolean inPlace = event.dmaAddr() == event.physAddr();
    if (event.dmaAddr() == DmaAddress.ERROR) {
      return new MapEvidence(
          BackendKind.UNKNOWN, List.of(), bounce.stream().toList(), Optional.empty());
    }
    long base = event.dmaAddr() & -granule;
    long end = (event.dmaAddr() + event.sizeBytes() + granule - 1) & -granule;
    TaskTrail.Runs runs = trail.takeRuns(event.header(), base, end);
    boolean translated =
        !runs.isEmpty() || (base == end && trail.takeEmptyRun(event.header(), base));
    return new MapEvidence(
        kind(translated, bounce.isPresent(), inPlace),
        runs.runs(),
        bounce.stream().toList(),
        runs.began());
  }

  /** Takes what belongs to the list out of the trail of its task. */
  static MapEvidence of(DmaMapSg event, TaskTrail trail, long granule) {
    if (event.dmaAddrs().isEmpty()) {
      return new MapEvidence(BackendKind.UNKNOWN, List.of(), List.of(), Optional.empty());
    }
    List<SwiotlbBounce> bounces = new ArrayList<>();
    // The newest bounce is that of the last entry.
    for (int i = event.dmaAddrs().size() - 1; i >= 0; i--) {
      trail
          .takeBounce(event.header(), event.device(), event.lengths().at(i))
          .ifPresent(bounces::addFirst);
    }
    Optional<MapEvidence> entryByEntry = entryByEntry(event, trail, granule, bounces);
    if (entryByEntry.isPresent()) {
      return entryByEntry.get();
    }
    int last = event.dmaAddrs().size() - 1;
    long base = event.dmaAddrs().at(0) & -granule;
    long endAddr = event.dmaAddrs().at(last) + event.lengths().at(last);
    boolean allTraced = event.dmaAddrs().size() == event.fullEnts();
    TaskTrail.Runs runs =
        allTraced
            ? trail.takeRuns(event.header(), base, (endAddr + granule - 1) & -granule)
            : inPlacePrefix(event)
                ? TaskTrail.Runs.NONE
                : trail.takeNewestRuns(event.header(), base);
    return new MapEvidence(
        kind(!runs.isEmpty(), !bounces.isEmpty(), inPlacePrefix(event)),
        runs.runs(),
        bounces,
        runs.began());
  }

  /**
   * The list as calls of their own, one an entry: so is every list mapped that has an entry to
   * bounce, or whose device is not trusted. Each entry has a block of addresses of its own.
   */
  private static Optional<MapEvidence> entryByEntry(
      DmaMapSg event, TaskTrail trail, long granule, List<SwiotlbBounce> bounces) {
    boolean oneToOne = event.fullEnts() == event.fullNents() && !event.truncated();
    boolean apart = !bounces.isEmpty() || !isOneBlock(event, granule);
    if (!oneToOne || !apart || inPlacePrefix(event)) {
      return Optional.empty();
    }
    int entries = event.dmaAddrs().size();
    TaskTrail.Runs[] runs = new TaskTrail.Runs[entries];
    for (int i = entries - 1; i >= 0; i--) {
      long base = event.dmaAddrs().at(i) & -granule;
      long end = (event.dmaAddrs().at(i) + event.lengths().at(i) + granule - 1) & -granule;
      runs[i] = trail.takeRuns(event.header(), base, end);
      if (runs[i].isEmpty()) {
        // The page table is not so, or was not seen: nothing is taken.
        for (int j = i + 1; j < entries; j++) {
          trail.putBack(event.header(), runs[j]);
        }
        return Optional.empty();
      }
    }
    return Optional.of(
        new MapEvidence(
            BackendKind.IOMMU_SWIOTLB, List.of(), bounces, runs[0].began(), List.of(runs)));
  }

  /** True where each entry begins where the one before it ends, widened to whole granules. */
  private static boolean isOneBlock(DmaMapSg event, long granule) {
    for (int i = 1; i < event.dmaAddrs().size(); i++) {
      long end = event.dmaAddrs().at(i - 1) + event.lengths().at(i - 1);
      if (((end + granule - 1) & -granule) != (event.dmaAddrs().at(i) & -granule)) {
        return false;
      }
    }
    return true;
  }

  private static boolean inPlacePrefix(DmaMapSg event) {
    return event.fullEnts() == event.fullNents()
        && event.dmaAddrs().samePrefix(event.physAddrs(), event.dmaAddrs().size());
  }

  private static BackendKind kind(boolean translated, boolean bounced, boolean inPlace) {
    if (translated) {
      return bounced ? BackendKind.IOMMU_SWIOTLB : BackendKind.IOMMU;
    }
    if (bounced) {
      return BackendKind.SWIOTLB;
    }
    return inPlace ? BackendKind.DIRECT : BackendKind.UNKNOWN;
  }
}
