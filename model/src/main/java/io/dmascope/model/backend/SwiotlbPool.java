package io.dmascope.model.backend;

import java.util.Optional;

/**
 * The bounce buffer pool: slots of 2 KiB in sets of 128, divided into areas that CPUs start their
 * search in (kernel/dma/swiotlb.c swiotlb_search_pool_area(), swiotlb_release_slots()).
 *
 * <p>Each free slot knows how many free slots follow it within its set, itself included. One area
 * after another is searched from where its last search ended.
 *
 * <pre>
 *   set 0                       set 1
 *   [128][127][126] ... [2][1]  [0][0][126] ... [2][1]      two slots of set 1 are in use
 * </pre>
 */
public final class SwiotlbPool {
  /** Bytes of a slot ({@code IO_TLB_SIZE}). */
  public static final int SLOT_BYTES = 2048;

  /** Contiguous slots that one mapping can take ({@code IO_TLB_SEGSIZE}). */
  public static final int SLOTS_MAX = 128;

  /** The largest mapping without an alignment requirement. */
  public static final int MAPPING_BYTES_MAX = SLOT_BYTES * SLOTS_MAX;

  /** What {@code swiotlb=} defaults to: 64 MiB. */
  public static final int DEFAULT_SLOTS = (64 << 20) / SLOT_BYTES;

  private static final int PAGE_SIZE = 4096;

  /**
   * Slots in use by one mapping.
   *
   * @param firstSlot index in the pool
   * @param slots how many
   * @param addr physical address of the first byte of the buffer, behind the alignment offset
   */
  public record Allocation(int firstSlot, int slots, long addr) {}

  private final long startAddr;
  private final int[] freeRun;
  private final int areaSlots;
  private final int[] areaNext;
  private final int[] areaUsed;
  private int used;
  private int usedMax;

  /**
   * A free pool.
   *
   * @param startAddr physical address, a multiple of 4096
   * @param slots size, a multiple of 128
   * @param areas how many CPUs search apart; rounded up to a power of two, and down so that each
   *     has a whole set
   */
  public SwiotlbPool(long startAddr, int slots, int areas) {
    if (slots <= 0 || slots % SLOTS_MAX != 0 || startAddr % PAGE_SIZE != 0 || areas <= 0) {
      throw new IllegalArgumentException(
          "no pool [start=0x%x] [slots=%d] [areas=%d]".formatted(startAddr, slots, areas));
    }
    int count = areas(slots, areas);
    this.startAddr = startAddr;
    this.freeRun = new int[slots];
    for (int i = 0; i < slots; i++) {
      freeRun[i] = SLOTS_MAX - i % SLOTS_MAX;
    }
    this.areaSlots = slots / count;
    this.areaNext = new int[count];
    this.areaUsed = new int[count];
  }

  /** How many areas a pool of that size has on so many CPUs. */
  public static int areas(int slots, int cpus) {
    int count = (int) IovaAllocator.nextPowerOfTwo(cpus);
    while (slots / count < SLOTS_MAX || slots % count != 0) {
      count /= 2;
    }
    return count;
  }

  /** A pool of the default size. */
  public static SwiotlbPool ofDefaultSize(long startAddr, int cpus) {
    return new SwiotlbPool(startAddr, DEFAULT_SLOTS, cpus);
  }

  public long startAddr() {
    return startAddr;
  }

  public int slots() {
    return freeRun.length;
  }

  public int usedSlots() {
    return used;
  }

  /** The most slots that were in use at one time. */
  public int usedSlotsMax() {
    return usedMax;
  }

  public boolean contains(long physAddr) {
    return Long.compareUnsigned(physAddr - startAddr, (long) slots() * SLOT_BYTES) < 0;
  }

  /** Bytes that precede the buffer in its first slots so that the wanted address bits are kept. */
  static long offset(DeviceParameters device, long allocAlignMask, long physAddr) {
    return physAddr & device.minAlignMask() & (allocAlignMask | (SLOT_BYTES - 1));
  }

  /** Bytes taken for a buffer, alignment included. */
  static long totalBytes(
      DeviceParameters device, long physAddr, long sizeBytes, long allocAlignMask) {
    long size = sizeBytes + offset(device, allocAlignMask, physAddr);
    return (size + allocAlignMask) & ~allocAlignMask;
  }

  static int slotsFor(long bytes) {
    return (int) ((bytes + SLOT_BYTES - 1) / SLOT_BYTES);
  }

  /**
   * Takes slots for a buffer; empty where the pool has no room that fits.
   *
   * @param allocAlignMask 2^n - 1: the slots are so aligned, and whole multiples of it are taken; 0
   *     for none
   */
  public Optional<Allocation> allocate(
      DeviceParameters device, long physAddr, long sizeBytes, long allocAlignMask, int cpu) {
    long total = totalBytes(device, physAddr, sizeBytes, allocAlignMask);
    if (sizeBytes <= 0 || total > MAPPING_BYTES_MAX) {
      return Optional.empty();
    }
    Search search = new Search(device, physAddr, total, allocAlignMask);
    int areas = areaNext.length;
    int start = cpu & (areas - 1);
    for (int i = 0; i < areas; i++) {
      int slot = search.in((start + i) % areas);
      if (slot >= 0) {
        long addr = startAddr + (long) slot * SLOT_BYTES + offset(device, allocAlignMask, physAddr);
        return Optional.of(new Allocation(slot, search.slots, addr));
      }
    }
    return Optional.empty();
  }

  /**
   * Takes the slots of a buffer that is known to lie at {@code addr}, as a search that ended there
   * would; empty where they are in use or are none.
   */
  public Optional<Allocation> claim(
      DeviceParameters device, long physAddr, long addr, long sizeBytes, long allocAlignMask) {
    long fromStart = addr - offset(device, allocAlignMask, physAddr) - startAddr;
    int count = slotsFor(totalBytes(device, physAddr, sizeBytes, allocAlignMask));
    int first = (int) (fromStart / SLOT_BYTES);
    boolean inPool = fromStart >= 0 && fromStart / SLOT_BYTES + count <= slots();
    if (!inPool || sizeBytes <= 0 || freeRun[first] < count) {
      return Optional.empty();
    }
    takeIn(first / areaSlots, first, count);
    return Optional.of(new Allocation(first, count, addr));
  }

  private void takeIn(int area, int first, int count) {
    take(first, count);
    int next = first - area * areaSlots + count;
    areaNext[area] = next >= areaSlots ? 0 : next;
    areaUsed[area] += count;
  }

  private final class Search {
    final int slots;
    final long allocAlignMask;
    final long keepMask;
    final long wantedBits;
    final long boundarySlots;
    final long firstSlotNumber;
    final long base;
    final int stride;

    Search(DeviceParameters device, long physAddr, long total, long alignMask) {
      long boundary = device.segmentBoundaryMask();
      boolean pageAligned = alignMask == 0 && device.minAlignMask() == 0 && total >= PAGE_SIZE;
      slots = slotsFor(total);
      allocAlignMask = (pageAligned ? PAGE_SIZE - 1 : alignMask) | (SLOT_BYTES - 1);
      keepMask = device.minAlignMask() & ~allocAlignMask;
      wantedBits = physAddr & keepMask;
      base = startAddr & boundary;
      firstSlotNumber = (base + SLOT_BYTES - 1) / SLOT_BYTES;
      boundarySlots = boundary == -1L ? 1L << 53 : boundary / SLOT_BYTES + 1;
      stride = (int) (Math.max(allocAlignMask, keepMask) / SLOT_BYTES + 1);
    }

    /** Returns the first slot taken, or -1. */
    int in(int area) {
      if (slots > areaSlots - areaUsed[area]) {
        return -1;
      }
      int index = areaNext[area];
      int checked = 0;
      while (checked < areaSlots) {
        int slot = area * areaSlots + index;
        int step = 1;
        if (isAligned(slot)) {
          if (!crossesBoundary(slot) && freeRun[slot] >= slots) {
            takeIn(area, slot, slots);
            return slot;
          }
          step = stride;
        }
        index = index + step >= areaSlots ? 0 : index + step;
        checked += step;
      }
      return -1;
    }

    private boolean isAligned(int slot) {
      long addr = base + (long) slot * SLOT_BYTES;
      return (addr & allocAlignMask) == 0 && (addr & keepMask) == wantedBits;
    }

    private boolean crossesBoundary(int slot) {
      long inBoundary = (firstSlotNumber + slot) & (boundarySlots - 1);
      return inBoundary + slots > boundarySlots;
    }
  }

  private void take(int first, int count) {
    for (int i = first; i < first + count; i++) {
      freeRun[i] = 0;
    }
    int run = 0;
    for (int i = first - 1; isFreeInSameSet(i); i--) {
      freeRun[i] = ++run;
    }
    used += count;
    usedMax = Math.max(usedMax, used);
  }

  /** Gives the slots of an allocation back; it must not have been given back before. */
  public void free(Allocation allocation) {
    int first = allocation.firstSlot();
    int end = first + allocation.slots();
    int run = end % SLOTS_MAX == 0 ? 0 : freeRun[end];
    for (int i = end - 1; i >= first; i--) {
      freeRun[i] = ++run;
    }
    for (int i = first - 1; isFreeInSameSet(i); i--) {
      freeRun[i] = ++run;
    }
    areaUsed[first / areaSlots] -= allocation.slots();
    used -= allocation.slots();
  }

  /** True where the slot before a range is free and belongs to the same set. */
  private boolean isFreeInSameSet(int slot) {
    return slot >= 0 && slot % SLOTS_MAX != SLOTS_MAX - 1 && freeRun[slot] != 0;
  }
}
