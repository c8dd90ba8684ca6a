package io.dmascope.model.mapping;

import io.dmascope.model.rig.MemoryRange;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Physical memory by what the kernel calls it ({@code /proc/iomem}): every address belongs to the
 * innermost range that contains it.
 */
public final class MemoryMap {
  // Physical addresses are below 2^63, so that their order is the signed one.
  private final TreeMap<Long, MemoryRange> pieces = new TreeMap<>();

  private MemoryMap() {}

  /** Cuts nested ranges into pieces that do not overlap; parents come before their children. */
  static MemoryMap of(List<MemoryRange> ranges) {
    MemoryMap map = new MemoryMap();
    for (MemoryRange range : ranges) {
      if (range.startAddr() >= 0 && range.lastAddr() >= range.startAddr()) {
        map.put(range);
      }
    }
    return map;
  }

  /** Lays a range over what stands there already. */
  private void put(MemoryRange range) {
    split(range.startAddr());
    if (range.lastAddr() != Long.MAX_VALUE) {
      split(range.lastAddr() + 1);
    }
    pieces.subMap(range.startAddr(), true, range.lastAddr(), true).clear();
    pieces.put(range.startAddr(), range);
  }

  /** Cuts the piece around an address in two. */
  private void split(long addr) {
    Map.Entry<Long, MemoryRange> around = pieces.lowerEntry(addr);
    if (around != null && around.getValue().lastAddr() >= addr) {
      MemoryRange piece = around.getValue();
      pieces.put(
          around.getKey(),
          new MemoryRange(piece.startAddr(), addr - 1, piece.name(), piece.depth()));
      pieces.put(addr, new MemoryRange(addr, piece.lastAddr(), piece.name(), piece.depth()));
    }
  }

  public boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** The piece that contains the address; null for an address of nothing. */
  public MemoryRange at(long physAddr) {
    Map.Entry<Long, MemoryRange> below = pieces.floorEntry(physAddr);
    return below != null && physAddr <= below.getValue().lastAddr() ? below.getValue() : null;
  }

  /** The first piece that shares a byte with the range; null where there is none. */
  public MemoryRange firstIn(long startAddr, long lastAddr) {
    MemoryRange at = at(startAddr);
    if (at != null) {
      return at;
    }
    Map.Entry<Long, MemoryRange> next = pieces.higherEntry(startAddr);
    return next != null && next.getKey() <= lastAddr ? next.getValue() : null;
  }
}
