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
 * @param began where the first of its runs was traced: the address was taken just before
 */
record MapEvidence(
    BackendKind backend,
    List<PageTableRun> runs,
    List<SwiotlbBounce> bounces,
    Optional<EventHeader> began) {

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
