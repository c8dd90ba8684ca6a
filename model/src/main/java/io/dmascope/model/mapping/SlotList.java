package io.dmascope.model.mapping;

import java.util.Arrays;
import java.util.function.IntPredicate;

/* hot path */
/** A reusable buffer of slots that lookups fill. The order of what it holds means nothing. */
final class SlotList {
  private int[] slots = new int[16];
  private int size;

  SlotList clear() {
    size = 0;
    return this;
  }

  void add(int slot) {
    if (size == slots.length) {
      slots = Arrays.copyOf(slots, size * 2);
    }
    slots[size++] = slot;
  }

  /** Drops the slots that fail the test. */
  void keep(IntPredicate test) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (test.test(slots[i])) {
        slots[kept++] = slots[i];
      }
    }
    size = kept;
  }

  int size() {
    return size;
  }

  int at(int index) {
    return slots[index];
  }
}
