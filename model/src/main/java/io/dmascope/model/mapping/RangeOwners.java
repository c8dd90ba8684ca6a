package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;

/* hot path */
/**
 * What is known of a range through its object, be it a single mapping or an entry of a scatterlist.
 */
record RangeOwners(RangeRecords records, ListStore lists) {
  private static final int NONE = RangeRecords.NONE;

  DmaDirection directionOf(int slot) {
    return records.isEntry(slot)
        ? lists.at(records.list(slot)).direction()
        : records.direction(slot);
  }

  /** True for an entry of a list of so many; never where {@code nents} is 0. */
  boolean isOfListOf(int nents, int slot) {
    return nents > 0 && records.isEntry(slot) && lists.at(records.list(slot)).nents() == nents;
  }

  /** True where both are entries of one list, or the same range. */
  boolean isOneObject(int a, int b) {
    return a == b
        || (a != NONE
            && b != NONE
            && records.isEntry(a)
            && records.isEntry(b)
            && records.list(a) == records.list(b));
  }

  /** True where the first was made before the second, or is an earlier entry of one list. */
  boolean older(int a, int b) {
    long byAge = sequence(a) - sequence(b);
    return byAge != 0 ? byAge < 0 : index(a) < index(b);
  }

  /** Sequence of the event that made the object. */
  long sequence(int slot) {
    return records.isEntry(slot)
        ? lists.at(records.list(slot)).firstMapped().sequence()
        : records.sequence(slot);
  }

  /** Sequence of the event that made its youngest instance. */
  long lastSequence(int slot) {
    return records.isEntry(slot)
        ? lists.at(records.list(slot)).lastMapped().sequence()
        : records.lastSequence(slot);
  }

  private int index(int slot) {
    return records.isEntry(slot) ? records.index(slot) : 0;
  }
}
