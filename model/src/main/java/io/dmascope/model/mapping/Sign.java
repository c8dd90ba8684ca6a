package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaAddress;

/* hot path */
/**
 * Something about a transition that a rule may wait for. Most events show none that any rule waits
 * for, and are then judged by looking at their signs alone.
 *
 * <p>A sign is a necessary condition, not a verdict: the rule looks more closely.
 */
public enum Sign {
  /** The address is {@code DMA_MAPPING_ERROR}. */
  ERROR_ADDRESS,
  /** No live object was matched, or made. */
  NO_OBJECT,
  /** The object is of another kind than the call. */
  OTHER_KIND,
  /** The range has another size than the call. */
  OTHER_SIZE,
  /** The object has another direction than the call. */
  OTHER_DIRECTION,
  /** The object has other attributes than the call. */
  OTHER_ATTRS,
  /** An older live range shares bytes with the new object. */
  OVERLAP,
  /** The new object's address is neither the physical one nor made by a page-table run. */
  UNEXPLAINED_ADDRESS,
  /** Page-table runs of the task made the new object. */
  PAGE_TABLE_RUNS,
  /** The mapping has a bounce buffer. */
  BOUNCED,
  /** The mapping that ends was never asked whether it had worked. */
  UNCHECKED;

  private int bit() {
    return 1 << ordinal();
  }

  /** The signs as a bit set; all of them where none is named. */
  public static int setOf(Sign... signs) {
    int set = 0;
    for (Sign sign : signs) {
      set |= sign.bit();
    }
    return signs.length == 0 ? -1 : set;
  }

  /** The signs that the transition shows, as a bit set. */
  static int of(Transition t) {
    int set = t.dmaAddr == DmaAddress.ERROR ? ERROR_ADDRESS.bit() : 0;
    set |= t.overlap != null ? OVERLAP.bit() : 0;
    set |= t.bounce != null ? BOUNCED.bit() : 0;
    set |= t.unchecked != null ? UNCHECKED.bit() : 0;
    set |= t.runs.isEmpty() ? 0 : PAGE_TABLE_RUNS.bit();
    return set | (t.object == null ? NO_OBJECT.bit() : ofObject(t, t.object));
  }

  private static int ofObject(Transition t, MappedObject object) {
    int set = object.kind() == t.kind ? 0 : OTHER_KIND.bit();
    set |= object.direction() == t.direction ? 0 : OTHER_DIRECTION.bit();
    set |= object.attrs() == t.attrs ? 0 : OTHER_ATTRS.bit();
    set |= t.range == null || t.range.sizeBytes() == t.sizeBytes ? 0 : OTHER_SIZE.bit();
    return switch (object.translation()) {
      case DIRECT, IOMMU -> set;
      case UNKNOWN, BOUNCED -> set | UNEXPLAINED_ADDRESS.bit();
    };
  }
}
