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
    for (int i = 0; i < next.length; i++) {
      int area = (cpu + i) % next.length;
      for (int j = 0; j < areaSlots; j++) {
        int first = area * areaSlots + (next[area] + j) % areaSlots;
        long addr = startAddr + first * 2048L;
        boolean bitsKept = ((addr ^ physAddr) & device.minAlignMask() & ~2047L) == 0;
        boolean aligned = !wholePages || (addr & 4095) == 0;
        if (bitsKept && aligned && isFree(first, count) && staysInside(device, addr, count)) {
          set(first, count, true);
          next[area] = (first % areaSlots + count) % areaSlots;
          return Optional.of(new SwiotlbPool.Allocation(first, count, addr + offset));
        }
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
