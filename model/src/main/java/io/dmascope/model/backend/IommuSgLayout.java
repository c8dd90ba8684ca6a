package io.dmascope.model.backend;

import io.dmascope.model.event.U64List;
import io.dmascope.model.scatterlist.PhysList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * How {@code dma_map_sg} lays a list out in I/O virtual space: the first of its three walks is done
 * by {@link #of}, the other two by {@link #at} once an address block is there
 * (drivers/iommu/dma-iommu.c iommu_dma_map_sg(), __finalise_sg(); drivers/iommu/iommu.c
 * iommu_map_sg()).
 *
 * <p>Two things may surprise. An input entry longer than the segment limit makes {@code max_len -
 * cur_len} wrap, and the limit is lost for the rest of that segment. And padding up to a segment
 * boundary maps whatever memory follows the padded entry.
 */
public final class IommuSgLayout {
  private static final long U32_MAX = 0xffffffffL;

  private final PhysList input;
  private final long granule;
  private final long boundaryMask;
  private final long maxSegmentSize;
  private final long[] alignedLengths;
  private long iovaSize;
  private Errno error;

  private IommuSgLayout(PhysList input, long granule, long boundaryMask, long maxSegmentSize) {
    this.input = input;
    this.granule = granule;
    this.boundaryMask = boundaryMask;
    this.maxSegmentSize = maxSegmentSize;
    this.alignedLengths = new long[input.size()];
  }

  /**
   * Walks the list once.
   *
   * @param granule smallest page of the domain in bytes, a power of two
   * @param boundaryMask {@code dma_get_seg_boundary()}: no segment may cross a multiple of mask + 1
   * @param maxSegmentSize {@code dma_get_max_seg_size()}, an unsigned 32-bit value
   */
  public static IommuSgLayout of(
      PhysList input, long granule, long boundaryMask, long maxSegmentSize) {
    if (Long.bitCount(granule) != 1) {
      throw new IllegalArgumentException("granule is no power of two: 0x%x".formatted(granule));
    }
    IommuSgLayout layout = new IommuSgLayout(input, granule, boundaryMask, maxSegmentSize);
    layout.layOut();
    return layout;
  }

  /** The error of the walk, or empty where the list can be mapped. */
  public Optional<Errno> error() {
    return Optional.ofNullable(error);
  }

  /** Bytes of I/O virtual space the list takes; 0 where every entry keeps its bus address. */
  public long iovaSizeBytes() {
    return iovaSize;
  }

  private void layOut() {
    int previous = -1;
    for (int i = 0; i < input.size() && error == null; i++) {
      switch (input.mapType(i)) {
        case BUS_ADDR -> alignedLengths[i] = 0;
        case NOT_SUPPORTED -> error = Errno.EREMOTEIO;
        case NONE, THRU_HOST_BRIDGE -> {
          place(i, previous);
          previous = i;
        }
      }
    }
  }

  private void place(int index, int previous) {
    long aligned = alignUp(input.length(index) + offset(index));
    long toBoundary = (boundaryMask - iovaSize + 1) & boundaryMask;
    if (toBoundary != 0 && Long.compareUnsigned(toBoundary, aligned - 1) < 0) {
      alignedLengths[previous] += toBoundary;
      iovaSize += toBoundary;
      refuseBeyondU32(alignedLengths[previous]);
    }
    alignedLengths[index] = aligned;
    iovaSize += aligned;
    refuseBeyondU32(aligned);
  }

  private void refuseBeyondU32(long length) {
    if (Long.compareUnsigned(length, U32_MAX) > 0) {
      error = Errno.EINVAL;
    }
  }

  /** Puts the list at {@code iova}, a multiple of the granule with room for all of it. */
  public MapResult at(long iova) {
    if (error != null) {
      return new MapResult.Failure(error);
    }
    return finalise(iova, pageTableRuns(iova));
  }

  /**
   * The calls of {@code iommu_map}: one a physically contiguous run, over padded lengths. A
   * bus-address entry ends the run before it.
   */
  private List<PageTableRun> pageTableRuns(long iova) {
    List<PageTableRun> runs = new ArrayList<>();
    long next = iova;
    long start = 0;
    long length = 0;
    for (int i = 0; i < input.size(); i++) {
      boolean bus = input.isBusAddress(i);
      long phys = input.physAddr(i) - offset(i);
      if (length != 0 && (bus || phys != start + length)) {
        runs.add(new PageTableRun(next, start, length));
        next += length;
        length = 0;
      }
      if (!bus) {
        start = length == 0 ? phys : start;
        length += alignedLengths[i];
      }
    }
    if (length != 0) {
      runs.add(new PageTableRun(next, start, length));
    }
    return runs;
  }

  private Mapping finalise(long iova, List<PageTableRun> runs) {
    long[] dmaAddrs = new long[input.size()];
    long[] lengths = new long[input.size()];
    BitSet bus = new BitSet();
    int ents = 0;
    long current = 0;
    long next = iova;
    long covered = 0;
    for (int i = 0; i < input.size(); i++) {
      if (input.isBusAddress(i)) {
        dmaAddrs[ents] = input.busAddr(i);
        lengths[ents] = input.length(i);
        bus.set(ents++);
        current = 0;
        continue;
      }
      long length = input.length(i);
      long offset = offset(i);
      boolean appends =
          current != 0
              && offset == 0
              && (next & boundaryMask) != 0
              && ((maxSegmentSize - current) & U32_MAX) >= length;
      if (appends) {
        // Only a segment whose limit was lost can get beyond 32 bits, and then it wraps as well.
        current = (current + length) & U32_MAX;
      } else {
        dmaAddrs[ents++] = next + offset;
        current = length;
      }
      lengths[ents - 1] = current;
      covered += length;
      next += alignedLengths[i];
      if (length + offset < alignedLengths[i]) {
        current = 0;
      }
    }
    return new Mapping(
        U64List.wrap(Arrays.copyOf(dmaAddrs, ents)),
        U64List.wrap(Arrays.copyOf(lengths, ents)),
        bus,
        iovaSize == 0 ? 0 : iova,
        iovaSize,
        runs,
        iovaSize - covered,
        List.of());
  }

  private long offset(int index) {
    return input.physAddr(index) & (granule - 1);
  }

  private long alignUp(long length) {
    return (length + granule - 1) & -granule;
  }
}
