package io.dmascope.model.consumer;

import io.dmascope.model.event.U64List;
import java.util.function.LongConsumer;

/**
 * The largest page an RDMA device can use for a memory region, and the blocks that result
 * (drivers/infiniband/core/umem.c ib_umem_find_best_pgsz(), drivers/infiniband/core/verbs.c
 * __rdma_block_iter_next()).
 *
 * <p>The virtual and the DMA address must agree modulo the page size wherever the region is not
 * contiguous; DMA-contiguous neighbours count as one run, so merging directly buys page size.
 */
public final class RdmaPageSize {
  private static final long CPU_PAGE_MASK = 4095;

  private final U64List dmaAddrs;
  private final U64List lengths;
  private final long address;
  private final long lengthBytes;
  private final long virt;

  /**
   * A region.
   *
   * @param address user address of the first byte; its offset in the page is where the region
   *     begins in the first entry
   * @param lengthBytes bytes of the region
   * @param virt address under which the device will see it
   */
  public RdmaPageSize(
      U64List dmaAddrs, U64List lengths, long address, long lengthBytes, long virt) {
    this.dmaAddrs = dmaAddrs;
    this.lengths = lengths;
    this.address = address;
    this.lengthBytes = lengthBytes;
    this.virt = virt;
  }

  /**
   * Returns the largest usable page of the bitmap in bytes, or 0 where none is and the region
   * cannot be registered.
   */
  public long best(long pageSizeBitmap) {
    long last = virt + lengthBytes - 1;
    if (lengthBytes != 0 && Long.compareUnsigned(last, virt) < 0) {
      return 0;
    }
    // The smallest page that covers the whole region caps the answer.
    int bits = Math.max(1, Long.SIZE - Long.numberOfLeadingZeros(virt ^ last));
    long mask = bits < Long.SIZE ? pageSizeBitmap & -(1L << bits) : 0;
    mask |= disagreements();
    long usable = pageSizeBitmap;
    if (mask != 0) {
      usable &= Long.lowestOneBit(mask) | (Long.lowestOneBit(mask) - 1);
    }
    return Long.highestOneBit(usable);
  }

  private long disagreements() {
    long mask = 0;
    long pageOffset = address & CPU_PAGE_MASK;
    long va = virt;
    long runStart = -1L;
    long runLength = 0;
    for (int i = 0; i < dmaAddrs.size(); i++) {
      long addr = dmaAddrs.at(i);
      long end = runStart + runLength;
      boolean continues = Long.compareUnsigned(end, runStart) >= 0 && end == addr;
      if (!continues) {
        runStart = addr;
        runLength = 0;
        mask |= (addr + pageOffset) ^ va;
        mask |= i > 0 ? va : 0;
      }
      runLength += lengths.at(i);
      va += lengths.at(i) - pageOffset;
      pageOffset = 0;
    }
    return mask;
  }

  /** How many blocks of that page size the region takes. */
  public long blockCount(long pageSize) {
    long start = virt & -pageSize;
    long end = (virt + lengthBytes + pageSize - 1) & -pageSize;
    return Long.divideUnsigned(end - start, pageSize);
  }

  /**
   * Returns the index of the first of the device's blocks that differs from what the region has,
   * the shorter list's size where one goes on, or -1 where they agree.
   */
  public int firstWrongBlock(long pageSize, U64List blocks) {
    long count = blockCount(pageSize);
    if (count != blocks.size()) {
      return Long.compareUnsigned(count, blocks.size()) < 0 ? (int) count : blocks.size();
    }
    int[] checked = {0};
    int[] wrong = {-1};
    forEachBlock(
        pageSize,
        addr -> {
          boolean differs = addr != blocks.at(checked[0]);
          wrong[0] = differs && wrong[0] < 0 ? checked[0] : wrong[0];
          checked[0]++;
        });
    return wrong[0] < 0 && checked[0] < blocks.size() ? checked[0] : wrong[0];
  }

  /** Hands out the address of each block in order. */
  public void forEachBlock(long pageSize, LongConsumer sink) {
    long left = blockCount(pageSize);
    long advance = address & CPU_PAGE_MASK & -pageSize;
    int entry = 0;
    while (left > 0 && entry < dmaAddrs.size()) {
      if (Long.compareUnsigned(advance, lengths.at(entry)) >= 0) {
        advance -= lengths.at(entry++);
        continue;
      }
      long addr = dmaAddrs.at(entry) + advance;
      sink.accept(addr & -pageSize);
      advance += pageSize - (addr & (pageSize - 1));
      left--;
    }
  }
}
