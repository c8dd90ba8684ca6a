package io.dmascope.model.mapping;

import io.dmascope.model.finding.MappingKind;
import java.util.Comparator;
import java.util.List;

/**
 * The objects that ended most recently, kept as evidence: who unmapped this before, what was at
 * that address.
 *
 * <p>Bounded by the number of ranges; the oldest are forgotten first, and counted. Of single
 * objects that had one address and size only the one that ended last is kept: nobody asks for the
 * others.
 */
final class ReleasedMemory {
  /** About four megabytes, however often their addresses were used. */
  static final int RANGES_MAX = 16_384;

  /** By the event that ended them; one event can show that several have ended. */
  static final Comparator<MappedObject> BY_END =
      Comparator.comparingLong((MappedObject o) -> o.released().sequence())
          .thenComparingLong(o -> o.firstMapped().sequence());

  private final ObjectStore store;
  private final RangeTable ranges = new RangeTable();
  private final SgIndex lists = new SgIndex();
  private final AgeList ages = new AgeList();
  private final RangeList found = new RangeList();
  private long forgotten;

  ReleasedMemory(ObjectStore store) {
    this.store = store;
  }

  /** Takes an object that has a slot already. */
  void add(MappedObject object) {
    if (isSingle(object)) {
      dropEqual(object.range(0));
    }
    link(object);
    while (ranges.size() > RANGES_MAX || ages.size() > RANGES_MAX) {
      drop(ages.oldest());
      forgotten++;
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
    objects.sort(BY_END);
    objects.forEach(this::link);
    forgotten = forgottenBefore;
  }

  private void dropEqual(Range range) {
    ranges.atStart(range.owner.device().id(), range.addr, found.clear());
    for (int i = 0; i < found.size(); i++) {
      Range other = found.at(i);
      if (isSingle(other.owner) && other.sizeBytes == range.sizeBytes) {
        drop(other.owner);
      }
    }
  }

  private void link(MappedObject object) {
    ages.add(object, BY_END);
    for (int i = 0; i < object.rangeCount(); i++) {
      ranges.add(object.range(i));
    }
    if (!object.physAddrs().isEmpty()) {
      lists.add(object);
    }
  }

  private void drop(MappedObject object) {
    ages.remove(object);
    for (int i = 0; i < object.rangeCount(); i++) {
      ranges.remove(object.range(i));
    }
    if (!object.physAddrs().isEmpty()) {
      lists.remove(object);
    }
    store.remove(object);
  }

  private static boolean isSingle(MappedObject object) {
    return object.kind() != MappingKind.SCATTER_GATHER;
  }
}
