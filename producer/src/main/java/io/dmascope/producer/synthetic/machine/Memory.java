package io.dmascope.producer.synthetic.machine;

import java.util.Arrays;

/**
 * Physical memory: pages and power-of-two blocks that come back in the order a busy machine gives
 * them, so that lists of pages are scattered but now and then contiguous.
 */
public final class Memory {
  public static final int PAGE_SIZE = 4096;

  /** Largest block: 4 MiB, as the page allocator's {@code MAX_PAGE_ORDER}. */
  public static final int ORDERS = 11;

  /** How far down the free list an allocation looks: what makes memory scattered. */
  private static final int SCATTER = 32;

  private final Chance chance;
  private final FreeList[] free = new FreeList[ORDERS];
  private long next;

  /** Memory that begins at {@code startAddr}, a multiple of 4 MiB. */
  Memory(long startAddr, Chance chance) {
    this.next = startAddr;
    this.chance = chance;
    Arrays.setAll(free, order -> new FreeList());
  }

  /** Takes one page. */
  public long page() {
    return block(0);
  }

  /** Takes {@code PAGE_SIZE << order} contiguous bytes, aligned to their size. */
  public long block(int order) {
    FreeList list = free[order];
    if (list.size == 0) {
      long size = (long) PAGE_SIZE << order;
      long start = (next + size - 1) & -size;
      next = start + size;
      return start;
    }
    return list.take(list.size - 1 - chance.below(Math.min(SCATTER, list.size)));
  }

  public void free(long addr) {
    free(addr, 0);
  }

  public void free(long addr, int order) {
    free[order].add(addr);
  }

  /** The smallest order that holds so many bytes. */
  public static int order(long sizeBytes) {
    long pages = (sizeBytes + PAGE_SIZE - 1) / PAGE_SIZE;
    return pages <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(pages - 1);
  }

  private static final class FreeList {
    long[] addrs = new long[16];
    int size;

    void add(long addr) {
      if (size == addrs.length) {
        addrs = Arrays.copyOf(addrs, 2 * size);
      }
      addrs[size++] = addr;
    }

    long take(int index) {
      long taken = addrs[index];
      addrs[index] = addrs[--size];
      return taken;
    }
  }
}
