package io.dmascope.model.backend;

import java.util.function.LongConsumer;

/** A stack of freed page frames of one size class ({@code struct iova_magazine}). */
final class IovaMagazine {
  /** {@code IOVA_MAG_SIZE}: with its header the magazine fills a power of two. */
  static final int SIZE = 127;

  static final long NONE = 0;

  private final long[] pfns = new long[SIZE];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  boolean isFull() {
    return size == SIZE;
  }

  void push(long pfn) {
    pfns[size++] = pfn;
  }

  /** Takes the newest frame at or below the limit, or {@link #NONE}; the newest fills its place. */
  long pop(long limitPfn) {
    for (int i = size - 1; i >= 0; i--) {
      if (pfns[i] <= limitPfn) {
        long pfn = pfns[i];
        pfns[i] = pfns[--size];
        return pfn;
      }
    }
    return NONE;
  }

  /** Takes that very frame out and keeps the order of the others; false where it is not there. */
  boolean remove(long pfn) {
    for (int i = size - 1; i >= 0; i--) {
      if (pfns[i] == pfn) {
        System.arraycopy(pfns, i + 1, pfns, i, --size - i);
        return true;
      }
    }
    return false;
  }

  void drainTo(LongConsumer sink) {
    for (int i = 0; i < size; i++) {
      sink.accept(pfns[i]);
    }
    size = 0;
  }
}
