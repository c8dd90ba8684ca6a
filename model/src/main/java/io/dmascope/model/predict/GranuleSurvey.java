package io.dmascope.model.predict;

import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.predict.DeviceFacts.Origin;
import io.dmascope.model.rig.RigManifest;

/**
 * The smallest page of a capture's IOMMU domains, as far as its page-table runs tell.
 *
 * <p>Every run is a multiple of it, so that the lowest bit of all of them bounds it from above. A
 * single map bounds it from below: its run is the mapping, widened to whole pages at both ends.
 *
 * <pre>
 *   map: IOMMU: iova=0xffff0000 - 0xffff4000 paddr=0x49f44000 size=16384
 *   dma_map_page: dma_addr=ffff2000 size=4096 phys_addr=49f46000      16 KiB, no less
 * </pre>
 */
final class GranuleSurvey {
  static final long DEFAULT = 4096;

  /** A few runs may all be longer than the smallest page, which is never longer than the CPU's. */
  private static final int LARGE_RUNS_MIN = 64;

  private static final long SMALLEST = 1024;
  private static final int LARGEST = 65536;
  private static final long[] LARGE = {65536, 16384};

  private long bits;
  private long runs;
  private long widened;

  void run(IommuMap map) {
    runs++;
    bits |= map.iova() | map.physAddr() | map.sizeBytes();
  }

  /** Takes in the run that a single map has just made, if it is the map's. */
  void single(DmaMap map, IommuMap run, boolean bounced) {
    long endAddr = map.dmaAddr() + map.sizeBytes();
    long offset = map.dmaAddr() - run.iova();
    boolean inside =
        map.sizeBytes() > 0
            && Long.compareUnsigned(offset, run.sizeBytes()) < 0
            && Long.compareUnsigned(endAddr - run.iova(), run.sizeBytes()) <= 0;
    if (!inside || !(bounced || run.physAddr() + offset == map.physAddr())) {
      return;
    }
    for (long page = SMALLEST; page <= LARGEST; page *= 2) {
      boolean explains =
          (map.dmaAddr() & -page) == run.iova()
              && ((endAddr + page - 1) & -page) == run.iova() + run.sizeBytes();
      if (explains) {
        widened = Math.max(widened, page);
        return;
      }
    }
  }

  boolean anyRuns() {
    return bits != 0;
  }

  long granule(RigManifest manifest) {
    long smallest = Long.lowestOneBit(bits);
    if (smallest > 0 && smallest <= DEFAULT) {
      return smallest;
    }
    long large = large(manifest);
    return large > 0
        ? large
        : manifest.pageSizeBytes().stream()
            .asLongStream()
            .filter(page -> page >= SMALLEST && Long.bitCount(page) == 1)
            .map(page -> smallest == 0 ? page : Math.min(page, smallest))
            .findFirst()
            .orElse(DEFAULT);
  }

  /** How {@link #granule} is known. */
  Origin origin(RigManifest manifest) {
    long smallest = Long.lowestOneBit(bits);
    if ((smallest > 0 && smallest <= DEFAULT) || large(manifest) > 0) {
      return Origin.INFERRED;
    }
    return manifest.pageSizeBytes().isPresent() ? Origin.GIVEN : Origin.DEFAULT;
  }

  /** A page larger than the usual one that the runs show; 0 where they show none. */
  private long large(RigManifest manifest) {
    long smallest = Long.lowestOneBit(bits);
    if (widened > DEFAULT && widened <= smallest) {
      return widened;
    }
    for (long page : LARGE) {
      if (runs >= LARGE_RUNS_MIN
          && smallest >= page
          && page <= manifest.pageSizeBytes().orElse(LARGEST)) {
        return page;
      }
    }
    return 0;
  }
}
