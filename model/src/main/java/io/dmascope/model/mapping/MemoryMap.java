package io.dmascope.model.mapping;

import io.dmascope.model.rig.MemoryRange;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/* hot path */
/**
 * Physical memory by what the kernel calls it ({@code /proc/iomem}): every address belongs to the
 * innermost range that contains it.
 */
public final class MemoryMap {
  // Physical addresses are below 2^63, so that their order is the signed one.
  private final long[] starts;
  private final MemoryRange[] pieces;

  private MemoryMap(NavigableMap<Long, MemoryRange> byStart) {
    starts = byStart.keySet().stream().mapToLong(Long::longValue).toArray();
    pieces = byStart.values().toArray(MemoryRange[]::new);
  }

  /** Cuts nested ranges into pieces that do not overlap; parents come before their children. */
  static MemoryMap of(List<MemoryRange> ranges) {
    NavigableMap<Long, MemoryRange> byStart = new TreeMap<>();
    for (MemoryRange range : ranges) {
      if (range.startAddr() >= 0 && range.lastAddr() >= range.startAddr()) {
        put(byStart, range);
      }
    }
    return new MemoryMap(byStart);
  }

  /** Lays a range over what stands there already. */
  private static void put(NavigableMap<Long, MemoryRange> byStart, MemoryRange range) {
    split(byStart, range.startAddr());
    if (range.lastAddr() != Long.MAX_VALUE) {
      split(byStart, range.lastAddr() + 1);
    }
    byStart.subMap(range.startAddr(), true, range.lastAddr(), true).clear();
    byStart.put(range.startAddr(), range);
  }

  /** Cuts the piece around an address in two. */
  private static void split(NavigableMap<Long, MemoryRange> byStart, long addr) {
    Map.Entry<Long, MemoryRange> around = byStart.lowerEntry(addr);
    if (around != null && around.getValue().lastAddr() >= addr) {
      MemoryRange piece = around.getValue();
      byStart.put(
          around.getKey(),
          new MemoryRange(piece.startAddr(), addr - 1, piece.name(), piece.depth()));
      byStart.put(addr, new MemoryRange(addr, piece.lastAddr(), piece.name(), piece.depth()));
    }
  }

  public boolean isEmpty() {
    return pieces.length == 0;
  }

  /** The piece that contains the address; null for an address of nothing. */
  public MemoryRange at(long physAddr) {
    int below = below(physAddr);
    return below >= 0 && physAddr <= pieces[below].lastAddr() ? pieces[below] : null;
  }

  /** The first piece that shares a byte with the range; null where there is none. */
  public MemoryRange firstIn(long startAddr, long lastAddr) {
    MemoryRange at = at(startAddr);
    if (at != null) {
      return at;
    }
    int next = below(startAddr) + 1;
    return next < pieces.length && starts[next] <= lastAddr ? pieces[next] : null;
  }

  /** The last piece that starts at or before the address, or -1. */
  private int below(long addr) {
    int found = Arrays.binarySearch(starts, addr);
    return found >= 0 ? found : -found - 2;
  }
}
