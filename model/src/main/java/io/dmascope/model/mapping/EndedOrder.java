package io.dmascope.model.mapping;

import io.dmascope.model.event.EventHeader;
import java.util.Arrays;

/* hot path */
/**
 * What has ended, in the order in which it did: for each the event that ended it, and neighbours in
 * a list from the oldest to the newest, so that every change takes constant time.
 *
 * <p>Known by a number. A single mapping is named by its slot, a scatterlist by itself.
 */
final class EndedOrder {
  static final int NONE = -1;

  private final TaskNames names;
  private int[] slots = new int[64];
  private MappedList[] lists = new MappedList[64];
  private long[] stamps = new long[64];
  private long[] origins = new long[64];
  private long[] places = new long[64];
  private int[] pids = new int[64];

  /** Only of an event that does not fit into words. */
  private EventHeader[] odd = new EventHeader[64];

  private int[] older = new int[64];
  private int[] newer = new int[64];
  private int oldest = NONE;
  private int newest = NONE;
  private int free = NONE;
  private int used;
  private int size;

  EndedOrder(TaskNames names) {
    this.names = names;
  }

  int size() {
    return size;
  }

  /** The number of what ended longest ago, or -1. */
  int oldest() {
    return oldest;
  }

  int newest() {
    return newest;
  }

  int older(int number) {
    return older[number];
  }

  /** Stores a single mapping behind {@code after}. */
  int add(int slot, EventHeader end, int after) {
    int number = allocate(end);
    slots[number] = slot;
    lists[number] = null;
    insert(number, after);
    return number;
  }

  /** Stores a scatterlist behind {@code after}. */
  int add(MappedList list, EventHeader end, int after) {
    int number = allocate(end);
    slots[number] = RangeRecords.NONE;
    lists[number] = list;
    insert(number, after);
    return number;
  }

  void remove(int number) {
    if (older[number] == NONE) {
      oldest = newer[number];
    } else {
      newer[older[number]] = newer[number];
    }
    if (newer[number] == NONE) {
      newest = older[number];
    } else {
      older[newer[number]] = older[number];
    }
    names.drop((int) (places[number] & TaskNames.NONE));
    lists[number] = null;
    odd[number] = null;
    older[number] = free;
    free = number;
    size--;
  }

  /** The single mapping's slot, or -1 for a scatterlist. */
  int slot(int number) {
    return slots[number];
  }

  /** The scatterlist, or null for a single mapping. */
  MappedList list(int number) {
    return lists[number];
  }

  /** The event that ended it. */
  EventHeader end(int number) {
    int name = (int) (places[number] & TaskNames.NONE);
    return name == TaskNames.NONE
        ? odd[number]
        : HeaderWords.header(
            stamps[number], origins[number], places[number], pids[number], names.name(name));
  }

  /** Sequence of the event that ended it. */
  long endSequence(int number) {
    return odd[number] == null ? HeaderWords.sequence(origins[number]) : odd[number].sequence();
  }

  private void insert(int number, int after) {
    older[number] = after;
    newer[number] = after == NONE ? oldest : newer[after];
    if (after == NONE) {
      oldest = number;
    } else {
      newer[after] = number;
    }
    if (newer[number] == NONE) {
      newest = number;
    } else {
      older[newer[number]] = number;
    }
    size++;
  }

  private int allocate(EventHeader end) {
    int number = free;
    if (number == NONE) {
      number = used++;
      makeRoom(number);
    } else {
      free = older[number];
    }
    int name = HeaderWords.fits(end) ? names.take(end.comm()) : TaskNames.NONE;
    stamps[number] = end.timestampNs();
    origins[number] = HeaderWords.origin(end);
    places[number] = HeaderWords.place(end, name);
    pids[number] = end.pid();
    odd[number] = name == TaskNames.NONE ? end : null;
    return number;
  }

  private void makeRoom(int number) {
    if (number < slots.length) {
      return;
    }
    int length = slots.length * 2;
    slots = Arrays.copyOf(slots, length);
    lists = Arrays.copyOf(lists, length);
    stamps = Arrays.copyOf(stamps, length);
    origins = Arrays.copyOf(origins, length);
    places = Arrays.copyOf(places, length);
    pids = Arrays.copyOf(pids, length);
    odd = Arrays.copyOf(odd, length);
    older = Arrays.copyOf(older, length);
    newer = Arrays.copyOf(newer, length);
  }
}
