package io.dmascope.model.mapping;

import io.dmascope.model.event.EventHeader;

/* hot path */
/**
 * The objects that ended most recently, kept as evidence: who unmapped this before, what was at
 * that address.
 *
 * <p>Bounded by the number of ranges; the oldest are forgotten first, and counted. Of single
 * objects that had one address and size only the one that ended last is kept: nobody asks for the
 * others. Of entries of scatterlists likewise, but the older list is still known by its physical
 * addresses.
 */
final class ReleasedMemory {
  /** A few megabytes, however often their addresses were used. */
  static final int RANGES_MAX = 16_384;

  private final RangeRecords records;
  private final RangeIndex index;
  private final ListStore listStore;
  private final SinglePages pages;
  private final SgIndex lists = new SgIndex();
  private final EndedOrder order;
  private final SlotList found = new SlotList();
  private int ranges;
  private long forgotten;

  ReleasedMemory(
      RangeRecords records,
      RangeIndex index,
      ListStore listStore,
      SinglePages pages,
      TaskNames names) {
    this.records = records;
    this.index = index;
    this.listStore = listStore;
    this.pages = pages;
    this.order = new EndedOrder(names);
  }

  /**
   * Takes a live single mapping that stands in the index; it stays there as an ended one, in place
   * of {@code alike}.
   */
  void add(int slot, int alike, EventHeader end) {
    if (alike != RangeRecords.NONE) {
      drop(records.number(alike));
    }
    index.end(slot);
    link(slot, end);
    trim();
  }

  /**
   * Takes a scatterlist that has a slot in its store; entries that stand in the index stay there as
   * ended ones.
   */
  void add(MappedList list) {
    link(list);
    trim();
  }

  /** Puts back a single mapping that ended; to be called in the order in which they did. */
  void restore(int slot, EventHeader end) {
    records.end(slot);
    index.add(slot);
    link(slot, end);
  }

  void restore(MappedList list) {
    link(list);
  }

  void restoreForgotten(long before) {
    forgotten = before;
  }

  SgIndex lists() {
    return lists;
  }

  /** Ranges remembered. */
  int ranges() {
    return ranges;
  }

  /** How many objects have been forgotten since the capture's start. */
  long forgotten() {
    return forgotten;
  }

  /** The event that ended the single mapping. */
  EventHeader end(int slot) {
    return order.end(records.number(slot));
  }

  /** The number of the object that the ended range belongs to. */
  int number(int slot) {
    return records.isEntry(slot) ? listStore.at(records.list(slot)).number : records.number(slot);
  }

  /** True where the first ended before the second; one event can show that several have ended. */
  boolean isBefore(int number, int other) {
    return isBefore(
        order.endSequence(number),
        firstSequence(number),
        order.endSequence(other),
        firstSequence(other));
  }

  /** Forgets an object by its number. */
  void drop(int number) {
    MappedList list = order.list(number);
    int slot = order.slot(number);
    order.remove(number);
    if (list == null) {
      ranges--;
      index.remove(slot);
      pages.changed(slot);
      records.free(slot);
      return;
    }
    ranges -= list.rangeCount();
    for (int i = 0; i < list.rangeCount(); i++) {
      drop(list, i);
    }
    if (!list.physAddrs().isEmpty()) {
      lists.remove(list);
    }
    listStore.remove(list);
  }

  /** Takes an entry out of the index where it still stands there. */
  private void drop(MappedList list, int i) {
    int entry = list.entry(i);
    if (entry != RangeRecords.NONE) {
      index.remove(entry);
      records.free(entry);
      list.entry(i, RangeRecords.NONE);
    }
  }

  /**
   * Forgets the one of these ended ranges that ended first, and everything that ended before it:
   * what is remembered is always what ended last, so that a younger entry never leaves while an
   * older one that it took the place of is still known.
   */
  void forgetUpTo(SlotList ended) {
    int first = number(ended.at(0));
    for (int i = 1; i < ended.size(); i++) {
      int number = number(ended.at(i));
      first = isBefore(number, first) ? number : first;
    }
    while (order.oldest() != first) {
      forgetOldest();
    }
    forgetOldest();
  }

  private void forgetOldest() {
    drop(order.oldest());
    forgotten++;
  }

  private void trim() {
    while (ranges > RANGES_MAX || order.size() > RANGES_MAX) {
      forgetOldest();
    }
  }

  /** The ended single mapping with that one's device, start and size, or -1: one at most. */
  int alike(int slot) {
    index.equal(records.device(slot), records.addr(slot), records.sizeBytes(slot), found.clear());
    for (int i = 0; i < found.size(); i++) {
      int other = found.at(i);
      if (!records.live(other) && !records.isEntry(other)) {
        return other;
      }
    }
    return RangeRecords.NONE;
  }

  private void link(int slot, EventHeader end) {
    int after = after(end.sequence(), records.sequence(slot));
    records.number(slot, order.add(slot, end, after));
    ranges++;
  }

  private void link(MappedList list) {
    EventHeader end = list.released();
    int after = after(end.sequence(), list.firstMapped().sequence());
    list.number = order.add(list, end, after);
    for (int i = list.rangeCount() - 1; i >= 0; i--) {
      link(list, i); // of entries of one list that are alike the first one stays
    }
    ranges += list.rangeCount();
    if (!list.physAddrs().isEmpty()) {
      lists.add(list);
    }
  }

  private void link(MappedList list, int i) {
    int entry = list.entry(i);
    if (entry == RangeRecords.NONE) {
      entry = records.addEntry(list.device(), list.addr(i), list.length(i), list.slot, i);
      index.add(entry);
      list.entry(i, entry);
    }
    int alike = alikeEntry(entry);
    index.end(entry);
    if (alike != RangeRecords.NONE) {
      MappedList other = listStore.at(records.list(alike));
      if (other != list && isBefore(list.number, other.number)) {
        drop(list, i); // one event has ended both
      } else {
        drop(other, records.index(alike));
      }
    }
  }

  /** The ended entry of a list with that one's device, start and size, or -1: one at most. */
  private int alikeEntry(int entry) {
    index.equal(
        records.device(entry), records.addr(entry), records.sizeBytes(entry), found.clear());
    for (int i = 0; i < found.size(); i++) {
      int other = found.at(i);
      if (!records.live(other) && records.isEntry(other)) {
        return other;
      }
    }
    return RangeRecords.NONE;
  }

  /** The newest that ended before one with these sequences, or -1. */
  private int after(long end, long first) {
    int after = order.newest();
    while (after != EndedOrder.NONE
        && !isBefore(order.endSequence(after), firstSequence(after), end, first)) {
      after = order.older(after);
    }
    return after;
  }

  private long firstSequence(int number) {
    MappedList list = order.list(number);
    return list == null ? records.sequence(order.slot(number)) : list.firstMapped().sequence();
  }

  private static boolean isBefore(long end, long first, long otherEnd, long otherFirst) {
    return end != otherEnd ? end < otherEnd : first <= otherFirst;
  }
}
