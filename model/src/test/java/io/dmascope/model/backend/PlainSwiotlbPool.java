package io.dmascope.model.backend;

import java.util.Optional;

/**
 * The bounce pool as one would explain it: one flag a slot, every slot looked at in turn. The twin
 * that {@link SwiotlbPool} is held to.
 */
final class PlainSwiotlbPool {
  private final long startAddr;
  private final boolean[] taken;
  private final int areaSlots;
  private final int[] next;

  PlainSwiotlbPool(long startAddr, int slots, int areas) {
    this.startAddr = startAddr;
    this.taken = new boolean[slots];
    this.areaSlots = slots / areas;
    this.next = new int[areas];
  }

  Optional<SwiotlbPool.Allocation> allocate(
      DeviceParameters device, long physAddr, long sizeBytes, int cpu) {
    long offset = physAddr & device.minAlignMask() & 2047;
    long total = sizeBytes + offset;
    int count = (int) ((total + 2047) / 2048);
    if (total > 256 << 10) {
      return Optional.empty();
    }
    boolean wholePages = device.minAlignMask() == 0 && total >= 4096;
    int stride = wholePages ? 2 : device.minAlignMask() / 2048 + 1;
    for (int i = 0; i < next.length; i++) {
      int area = (cpu + i) % next.length;
      int index = next[area];
      int step;
      for (int checked = 0; checked < areaSlots; checked += step) {
        int first = area * areaSlots + index;
        long addr = startAddr + first * 2048L;
        boolean bitsKept = ((addr ^ physAddr) & device.minAlignMask() & ~2047L) == 0;
        boolean aligned = bitsKept && (!wholePages || (addr & 4095) == 0);
        if (aligned && isFree(first, count) && staysInside(device, addr, count)) {
          set(first, count, true);
          next[area] = (first % areaSlots + count) % areaSlots;
          return Optional.of(new SwiotlbPool.Allocation(first, count, addr + offset));
        }
        // A walk by strides that wraps to the beginning may run out before it saw every slot.
        step = aligned ? stride : 1;
        index = index + step < areaSlots ? index + step : 0;
      }
    }
    return Optional.empty();
  }

  void free(SwiotlbPool.Allocation allocation) {
    set(allocation.firstSlot(), allocation.slots(), false);
  }

  private boolean isFree(int first, int count) {
    if (first % 128 + count > 128) {
      return false;
    }
    for (int i = first; i < first + count; i++) {
      if (taken[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean staysInside(DeviceParameters device, long addr, int count) {
    long mask = device.segmentBoundaryMask();
    return (addr & ~mask) == ((addr + count * 2048L - 1) & ~mask);
  }

  private void set(int first, int count, boolean value) {
    for (int i = first; i < first + count; i++) {
      taken[i] = value;
    }
  }
}
