package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/* hot path */
/** Finds ranges, live or ended, by where they lie, and chooses among several. */
public final class RangeLookup {
  private static final int NONE = RangeRecords.NONE;

  private final DeviceTable devices;
  private final RangeRecords records;
  private final RangeIndex index;
  private final ListStore listStore;
  private final ReleasedMemory released;
  private final RangeOwners owners;
  private final SlotList found = new SlotList();

  RangeLookup(
      DeviceTable devices,
      RangeRecords records,
      RangeIndex index,
      ListStore listStore,
      ReleasedMemory released) {
    this.devices = devices;
    this.records = records;
    this.index = index;
    this.listStore = listStore;
    this.released = released;
    this.owners = new RangeOwners(records, listStore);
  }

  /** The range in that slot, live or ended, and its object; stays valid while the event lasts. */
  Range range(int slot) {
    if (records.isEntry(slot)) {
      return listStore.at(records.list(slot)).range(records.index(slot));
    }
    MappedSingle single = new MappedSingle(records);
    Device device = devices.at(records.device(slot));
    return records.live(slot)
        ? single.show(slot, device, null).range(0)
        : single.show(slot, device, released.end(slot)).range(0);
  }

  private Range rangeOrNull(int slot) {
    return slot == NONE ? null : range(slot);
  }

  /**
   * Finds the live range around the bytes that fits best: the direction's own, then the smallest,
   * then the oldest. Returns its slot, or {@link #NONE}.
   */
  int slotContaining(int device, DmaDirection direction, long first, long last) {
    return slotContaining(device, direction, 0, first, last);
  }

  /**
   * As {@link #slotContaining(int, DmaDirection, long, long)}, for an entry of a list of {@code
   * nents}: of those that serve the direction a list of as many comes first, since without an IOMMU
   * several lists may lawfully hold the same memory ({@code sg_call_ents} in {@code
   * kernel/dma/debug.c __hash_bucket_find()}).
   */
  int slotContaining(int device, DmaDirection direction, int nents, long first, long last) {
    index.overlapping(device, first, first, true, found.clear());
    int best = NONE;
    for (int i = 0; i < found.size(); i++) {
      int slot = found.at(i);
      if (records.contains(slot, first, last)
          && (best == NONE || fitsBetter(slot, best, direction, nents))) {
        best = slot;
      }
    }
    return best;
  }

  /** As {@link #slotContaining}: the range, or null. */
  public Range containing(int device, DmaDirection direction, long first, long last) {
    return rangeOrNull(slotContaining(device, direction, first, last));
  }

  private boolean fitsBetter(int a, int b, DmaDirection direction, int nents) {
    boolean aDirection = serves(owners.directionOf(a), direction);
    boolean bDirection = serves(owners.directionOf(b), direction);
    if (aDirection != bDirection) {
      return aDirection;
    }
    boolean aNents = owners.isOfListOf(nents, a);
    if (aNents != owners.isOfListOf(nents, b)) {
      return aNents;
    }
    int bySize = Long.compareUnsigned(records.sizeBytes(a), records.sizeBytes(b));
    return bySize != 0 ? bySize < 0 : owners.older(a, b);
  }

  private static boolean serves(DmaDirection mapped, DmaDirection used) {
    return mapped == used || mapped == DmaDirection.BIDIRECTIONAL;
  }

  /** The live ranges of other objects that share bytes with the range, oldest first. */
  List<Range> overlaps(Range range) {
    int device = range.owner().device().id();
    index.overlapping(device, range.addr(), range.lastAddr(), true, found.clear());
    if (found.size() <= 1) {
      return List.of();
    }
    int own = slotOf(range);
    List<Integer> others = new ArrayList<>(found.size());
    for (int i = 0; i < found.size(); i++) {
      if (!owners.isOneObject(found.at(i), own)) {
        others.add(found.at(i));
      }
    }
    others.sort((a, b) -> owners.older(a, b) ? -1 : 1);
    return others.stream().map(this::range).toList();
  }

  private static int slotOf(Range range) {
    return switch (range.owner()) {
      case MappedSingle single -> single.slot();
      case MappedList list -> list.entry(range.index());
    };
  }

  /** The released range around the byte that ended last, or null. */
  public Range formerly(int device, long addr) {
    return formerlyTouching(device, addr, addr);
  }

  /** The live range that shares a byte with the given ones and fits best, or null. */
  Range touching(int device, DmaDirection direction, long first, long last) {
    index.overlapping(device, first, last, true, found.clear());
    int best = NONE;
    for (int i = 0; i < found.size(); i++) {
      if (best == NONE || fitsBetter(found.at(i), best, direction, 0)) {
        best = found.at(i);
      }
    }
    return rangeOrNull(best);
  }

  /** The live range that ends closest before the address, but not before {@code from}; or null. */
  Range endingBefore(int device, long from, long addr) {
    if (Long.compareUnsigned(from, addr) >= 0) {
      return null;
    }
    index.overlapping(device, from, addr - 1, true, found.clear());
    int closest = NONE;
    for (int i = 0; i < found.size(); i++) {
      int slot = found.at(i);
      if (Long.compareUnsigned(records.lastAddr(slot), addr) < 0
          && (closest == NONE || endsLater(slot, closest))) {
        closest = slot;
      }
    }
    return rangeOrNull(closest);
  }

  /** Of ranges that end at one byte the younger is the likelier to be in use. */
  private boolean endsLater(int a, int b) {
    int byEnd = Long.compareUnsigned(records.lastAddr(a), records.lastAddr(b));
    return byEnd != 0 ? byEnd > 0 : owners.older(b, a);
  }

  /** Every range, live or released, that shares a byte with the given ones; in no order. */
  public List<Range> around(int device, long first, long last) {
    index.overlapping(device, first, last, true, found.clear());
    index.overlapping(device, first, last, false, found);
    List<Range> all = new ArrayList<>(found.size());
    for (int i = 0; i < found.size(); i++) {
      all.add(range(found.at(i)));
    }
    return all;
  }

  /** The released range that shares a byte with the given ones and ended last, or null. */
  Range formerlyTouching(int device, long first, long last) {
    index.overlapping(device, first, last, false, found.clear());
    int latest = NONE;
    for (int i = 0; i < found.size(); i++) {
      if (latest == NONE || endedLater(found.at(i), latest)) {
        latest = found.at(i);
      }
    }
    return rangeOrNull(latest);
  }

  private boolean endedLater(int a, int b) {
    return owners.isOneObject(a, b)
        ? records.index(a) < records.index(b)
        : released.isBefore(released.number(b), released.number(a));
  }

  /** All live ranges by device, address and age; an object with several instances appears once. */
  public List<Range> live() {
    index.all(true, found.clear());
    List<Range> all = new ArrayList<>(found.size());
    for (int i = 0; i < found.size(); i++) {
      all.add(range(found.at(i)));
    }
    all.sort(
        Comparator.comparing((Range r) -> r.owner() instanceof MappedList)
            .thenComparingInt(r -> r.owner().device().id())
            .thenComparing((a, b) -> Long.compareUnsigned(a.addr(), b.addr()))
            .thenComparingLong(r -> r.owner().firstMapped().sequence())
            .thenComparingInt(Range::index));
    return all;
  }
}
