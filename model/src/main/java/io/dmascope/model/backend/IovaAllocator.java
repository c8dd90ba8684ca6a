package io.dmascope.model.backend;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The I/O virtual address allocator of one domain without its per-CPU caches: top-down first fit
 * from a remembered node, blocks aligned to their rounded size (drivers/iommu/iova.c
 * __alloc_and_insert_iova_range()). Units are page frames, that is addresses divided by the
 * granule.
 *
 * <p>Where the kernel walks a red-black tree from node to node, blocks are linked in address order
 * here; a tree finds the block of an address. The results are the same.
 *
 * <pre>
 *   first .. [blk] .... [blk][blk] ........ [blk] .. 4 GiB ........ [anchor]
 *                         ^ cached32: where the next search below 4 GiB starts
 *                                             cached: the same for the whole space ^
 * </pre>
 */
public final class IovaAllocator {
  private static final long ANCHOR_PFN = Long.MAX_VALUE;

  private static final class Block {
    final long lo;
    final long hi;
    Block below;
    Block above;

    Block(long lo, long hi) {
      this.lo = lo;
      this.hi = hi;
    }
  }

  private final TreeMap<Long, Block> blocks = new TreeMap<>();
  private final Block anchor = new Block(ANCHOR_PFN, ANCHOR_PFN);
  private final long startPfn;
  private final long dma32Pfn;
  private Block cached = anchor;
  private Block cached32 = anchor;
  private long max32AllocSize;
  private long usedPfns;

  /**
   * An empty space.
   *
   * @param granule bytes of a page frame, a power of two from 4 bytes to 2 GiB
   * @param startPfn first frame that may be handed out; 0 is raised to 1, since address 0 means
   *     failure
   */
  public IovaAllocator(long granule, long startPfn) {
    if (Long.bitCount(granule) != 1 || granule < 4 || granule > 1L << 31) {
      throw new IllegalArgumentException("granule is no usable power of two: " + granule);
    }
    this.startPfn = Math.max(1, startPfn);
    this.dma32Pfn = 1L << (32 - Long.numberOfTrailingZeros(granule));
    this.max32AllocSize = dma32Pfn;
    blocks.put(anchor.lo, anchor);
  }

  /**
   * Takes a block of {@code pfns} frames whose last frame is at most {@code limitPfn}, aligned to
   * the next power of two of its size; empty where there is no room.
   */
  public OptionalLong allocate(long pfns, long limitPfn) {
    long end = limitPfn + 1;
    if (end <= dma32Pfn && pfns >= max32AllocSize) {
      return OptionalLong.empty();
    }
    Block from = end <= dma32Pfn ? cached32 : cached;
    Candidate found = search(from, end, startPfn, pfns);
    if (found == null && from.hi < end) {
      found = search(searchStart(end), end, from.hi + 1, pfns);
    }
    if (found == null) {
      max32AllocSize = pfns;
      return OptionalLong.empty();
    }
    Block taken = insertBelow(found.above, found.lo, found.lo + pfns - 1);
    if (taken.hi < dma32Pfn) {
      cached32 = taken;
    } else {
      cached = taken;
    }
    return OptionalLong.of(taken.lo);
  }

  private record Candidate(long lo, Block above) {}

  /** Walks down from {@code from}; null where nothing fits at or above {@code low}. */
  private static Candidate search(Block from, long end, long low, long pfns) {
    long alignMask = -nextPowerOfTwo(pfns);
    long high = end;
    Block above = from;
    while (true) {
      high = Math.min(high, above.lo);
      long lo = (high - pfns) & alignMask;
      if (high < pfns || lo < low) {
        return null;
      }
      Block below = above.below;
      if (below == null || lo > below.hi) {
        return new Candidate(lo, above);
      }
      above = below;
    }
  }

  /** iova_find_limit(): the lowest block at or above {@code end}. */
  private Block searchStart(long end) {
    return end > dma32Pfn ? anchor : blocks.ceilingEntry(end).getValue();
  }

  /**
   * Gives back the block that contains {@code pfn}; returns its size in frames, or 0 where no block
   * does, which the kernel ignores as well.
   */
  public long free(long pfn) {
    Map.Entry<Long, Block> entry = blocks.floorEntry(pfn);
    if (entry == null || entry.getValue().hi < pfn || entry.getValue() == anchor) {
      return 0;
    }
    Block block = entry.getValue();
    if (block == cached32 || (block.hi < dma32Pfn && block.lo >= cached32.lo)) {
      cached32 = block.above;
    }
    if (block.lo < dma32Pfn) {
      max32AllocSize = dma32Pfn;
    }
    if (block.lo >= cached.lo) {
      cached = block.above;
    }
    unlink(block);
    return block.hi - block.lo + 1;
  }

  /**
   * Takes a block that is known to have been handed out at {@code lo}, as a search that ended there
   * would. What lies in its way was given back unseen, and goes.
   */
  public void claim(long lo, long pfns) {
    long hi = lo + pfns - 1;
    for (Map.Entry<Long, Block> entry = blocks.floorEntry(hi);
        entry != null && entry.getValue() != anchor && entry.getValue().hi >= lo;
        entry = blocks.floorEntry(hi)) {
      free(entry.getKey());
    }
    Block taken = insertBelow(blocks.higherEntry(hi).getValue(), lo, hi);
    if (hi < dma32Pfn) {
      cached32 = taken;
    } else {
      cached = taken;
    }
  }

  /** Sets frames aside for good, merging with what is set aside already (reserve_iova()). */
  public void reserve(long firstPfn, long lastPfn) {
    long lo = firstPfn;
    Map.Entry<Long, Block> entry = blocks.lowerEntry(firstPfn);
    Block block = entry == null ? lowest() : entry.getValue();
    for (; block != anchor && block.lo <= lastPfn; block = block.above) {
      if (block.hi < lo) {
        continue;
      }
      if (lo < block.lo) {
        insertBelow(block, lo, block.lo - 1);
      }
      lo = block.hi + 1;
    }
    if (lo <= lastPfn) {
      insertBelow(block, lo, lastPfn);
    }
  }

  /** Frames in blocks, reserved ones included. */
  public long usedPfns() {
    return usedPfns;
  }

  /** Blocks, reserved ones included. */
  public int blockCount() {
    return blocks.size() - 1;
  }

  /** First frame of the lowest block, or of nothing where the space is empty. */
  public OptionalLong lowestPfn() {
    Block lowest = lowest();
    return lowest == anchor ? OptionalLong.empty() : OptionalLong.of(lowest.lo);
  }

  private Block lowest() {
    return blocks.firstEntry().getValue();
  }

  private Block insertBelow(Block above, long lo, long hi) {
    Block block = new Block(lo, hi);
    block.above = above;
    block.below = above.below;
    if (above.below != null) {
      above.below.above = block;
    }
    above.below = block;
    blocks.put(lo, block);
    usedPfns += hi - lo + 1;
    return block;
  }

  private void unlink(Block block) {
    block.above.below = block.below;
    if (block.below != null) {
      block.below.above = block.above;
    }
    blocks.remove(block.lo);
    usedPfns -= block.hi - block.lo + 1;
  }

  static long nextPowerOfTwo(long value) {
    long highest = Long.highestOneBit(value);
    return highest == value ? value : highest << 1;
  }
}
