package io.dmascope.model.mapping;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;

/**
 * The objects that ended most recently, kept as evidence: who unmapped this before, what was at
 * that address.
 *
 * <p>Bounded by the number of ranges; the oldest are forgotten first, and counted.
 */
final class ReleasedMemory {
  /**
   * About two megabytes; at 100,000 unmaps a second the last 0.16 s, at real drivers' rates some
   * seconds.
   */
  static final int RANGES_MAX = 16_384;

  private final ObjectStore store;
  private final RangeTable ranges = new RangeTable();
  private final SgIndex lists = new SgIndex();
  private final ArrayDeque<MappedObject> oldestFirst = new ArrayDeque<>();
  private long forgotten;

  ReleasedMemory(ObjectStore store) {
    this.store = store;
  }

  /** Takes an object that has a slot already. */
  void add(MappedObject object) {
    link(object);
    while (ranges.size() > RANGES_MAX) {
      forget(oldestFirst.removeFirst());
    }
  }

  RangeTable ranges() {
    return ranges;
  }

  SgIndex lists() {
    return lists;
  }

  /** How many objects have been forgotten since the capture's start. */
  long forgotten() {
    return forgotten;
  }

  void restore(List<MappedObject> objects, long forgottenBefore) {
    objects.sort(
        Comparator.comparingLong((MappedObject o) -> o.released().sequence())
            .thenComparingLong(o -> o.firstMapped().sequence()));
    objects.forEach(this::link);
    forgotten = forgottenBefore;
  }

  private void link(MappedObject object) {
    oldestFirst.addLast(object);
    for (int i = 0; i < object.rangeCount(); i++) {
      ranges.add(object.range(i));
    }
    if (!object.physAddrs().isEmpty()) {
      lists.add(object);
    }
  }

  private void forget(MappedObject object) {
    for (int i = 0; i < object.rangeCount(); i++) {
      ranges.remove(object.range(i));
    }
    if (!object.physAddrs().isEmpty()) {
      lists.remove(object);
    }
    store.remove(object);
    forgotten++;
  }
}
