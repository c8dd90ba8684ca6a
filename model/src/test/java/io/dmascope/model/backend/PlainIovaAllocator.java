package io.dmascope.model.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The plain twin of {@link IovaAllocator}: one sorted list, walked from end to end, the remembered
 * nodes as the blocks themselves.
 */
final class PlainIovaAllocator {
  private static final long ANCHOR = Long.MAX_VALUE;

  private final List<long[]> blocks = new ArrayList<>();
  private final long startPfn = 1;
  private final long dma32Pfn = 1L << 20;
  private long[] cached;
  private long[] cached32;
  private long max32AllocSize = dma32Pfn;

  PlainIovaAllocator() {
    long[] anchor = {ANCHOR, ANCHOR};
    blocks.add(anchor);
    cached = anchor;
    cached32 = anchor;
  }

  OptionalLong allocate(long size, long limitPfn) {
    long end = limitPfn + 1;
    boolean low = end <= dma32Pfn;
    if (low && size >= max32AllocSize) {
      return OptionalLong.empty();
    }
    long[] from = low ? cached32 : cached;
    int index = find(blocks.indexOf(from), end, startPfn, size);
    long floor = startPfn;
    if (index < 0 && from[1] < end) {
      floor = from[1] + 1;
      int start = blocks.size() - 1;
      while (low && start > 0 && blocks.get(start - 1)[0] >= end) {
        start--;
      }
      index = find(start, end, floor, size);
    }
    if (index < 0) {
      max32AllocSize = size;
      return OptionalLong.empty();
    }
    long lo = candidate(index, end, size);
    long[] block = {lo, lo + size - 1};
    blocks.add(index, block);
    if (block[1] < dma32Pfn) {
      cached32 = block;
    } else {
      cached = block;
    }
    return OptionalLong.of(lo);
  }

  /** Returns the index of the block below which the new one goes, or -1. */
  private int find(int from, long end, long floor, long size) {
    for (int i = from; i >= 0; i--) {
      long lo = candidate(i, end, size);
      if (lo < floor) {
        return -1;
      }
      if (i == 0 || lo > blocks.get(i - 1)[1]) {
        return i;
      }
    }
    return -1;
  }

  private long candidate(int index, long end, long size) {
    long align = 1;
    while (align < size) {
      align *= 2;
    }
    return Math.floorDiv(Math.min(end, blocks.get(index)[0]) - size, align) * align;
  }

  void free(long pfn) {
    for (int i = 0; i < blocks.size() - 1; i++) {
      long[] block = blocks.get(i);
      if (block[0] <= pfn && pfn <= block[1]) {
        long[] above = blocks.get(i + 1);
        if (block[0] == cached32[0] || (block[1] < dma32Pfn && block[0] >= cached32[0])) {
          cached32 = above;
        }
        if (block[0] < dma32Pfn) {
          max32AllocSize = dma32Pfn;
        }
        if (block[0] >= cached[0]) {
          cached = above;
        }
        blocks.remove(i);
        return;
      }
    }
  }

  void reserve(long first, long last) {
    for (long pfn = first; pfn <= last; pfn++) {
      int at = 0;
      while (blocks.get(at)[1] < pfn) {
        at++;
      }
      if (blocks.get(at)[0] > pfn) {
        blocks.add(at, new long[] {pfn, pfn});
      }
    }
  }

  long usedPfns() {
    return blocks.stream().filter(b -> b[0] != ANCHOR).mapToLong(b -> b[1] - b[0] + 1).sum();
  }
}
