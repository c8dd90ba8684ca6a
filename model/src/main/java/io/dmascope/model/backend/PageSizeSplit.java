package io.dmascope.model.backend;

import java.util.ArrayList;
import java.util.List;

/**
 * How one {@code iommu_map} becomes page-table entries: the largest supported page that fits the
 * alignment of both addresses and the remaining size, stopping short where a larger page can take
 * over (drivers/iommu/iommu.c iommu_pgsize()).
 */
public final class PageSizeSplit {

  /** {@code count} entries of {@code pageSizeBytes} one after another. */
  public record Step(long pageSizeBytes, long count) {}

  private PageSizeSplit() {}

  /**
   * Splits a range.
   *
   * @param pageSizeBitmap bit n set where pages of 2^n bytes are supported
   * @throws IllegalArgumentException if an address or the size is no multiple of the smallest page
   */
  public static List<Step> split(long pageSizeBitmap, long iova, long physAddr, long sizeBytes) {
    long smallest = Long.lowestOneBit(pageSizeBitmap);
    if (smallest == 0 || ((iova | physAddr | sizeBytes) & (smallest - 1)) != 0) {
      throw new IllegalArgumentException(
          "unaligned [iova=0x%x] [phys=0x%x] [size=0x%x] [page sizes=0x%x]"
              .formatted(iova, physAddr, sizeBytes, pageSizeBitmap));
    }
    List<Step> steps = new ArrayList<>();
    long nextIova = iova;
    long nextPhys = physAddr;
    long left = sizeBytes;
    while (left != 0) {
      Step step = next(pageSizeBitmap, nextIova, nextPhys, left);
      steps.add(step);
      long bytes = step.pageSizeBytes() * step.count();
      nextIova += bytes;
      nextPhys += bytes;
      left -= bytes;
    }
    return steps;
  }

  private static Step next(long bitmap, long iova, long physAddr, long size) {
    long merged = iova | physAddr;
    long usable = bitmap & upTo(Long.highestOneBit(size));
    if (merged != 0) {
      usable &= upTo(Long.lowestOneBit(merged));
    }
    long page = Long.highestOneBit(usable);
    long larger = Long.lowestOneBit(bitmap & ~upTo(page));
    long bytes = size;
    // A larger page can follow only where both addresses lie alike within it.
    if (larger != 0 && ((iova ^ physAddr) & (larger - 1)) == 0) {
      long toBoundary = larger - (merged & (larger - 1));
      long end = toBoundary + larger;
      boolean overflows = Long.compareUnsigned(end, toBoundary) < 0;
      if (!overflows && Long.compareUnsigned(end, size) <= 0) {
        bytes = toBoundary;
      }
    }
    return new Step(page, Long.divideUnsigned(bytes, page));
  }

  /** All bits up to and including the given one. */
  private static long upTo(long bit) {
    return bit | (bit - 1);
  }
}
