package io.dmascope.model.mapping;

import java.util.Arrays;

/* hot path */
/**
 * A multiset of ranges, found by start address, by containment and by overlap, per device.
 *
 * <p>Live and ended ranges stand side by side; a lookup is for one or the other. Results never
 * depend on the order of insertion: where several ranges qualify, callers choose by explicit
 * criteria.
 */
final class RangeIndex {
  /*
   * A hash table with one twist. A range is filed under (device, size class, address >> shift(class)), where the class is
   * chosen so that a range is no longer than one bucket's span: it starts in the bucket it is filed under and reaches at
   * most into the next. Whoever looks for ranges that cover a byte therefore looks, per size class that the device uses,
   * into two buckets: the byte's own and the one before. Devices use few size classes (a page, a ring, a large buffer), so
   * that containment costs a handful of probes and no ordered tree has to be kept.
   *
   * Class 0 spans 4 KiB; class n spans 4 KiB << n; the largest holds everything.
   *
   * Chains run through the records and are walked to take a range out. They are short: mappings that do not overlap fill
   * a bucket of class 0 with a few buffers of one page, and of any other class with two. Where overlapping ones crowd
   * (see LiveBounds), add() tells how many it met.
   */
  private static final int CLASS_0_SHIFT = 12;
  private static final int CLASSES = 64 - CLASS_0_SHIFT + 1;
  private static final int INITIAL_BUCKETS = 1 << 10;
  private static final int NONE = RangeRecords.NONE;

  private final RangeRecords records;
  private int[] buckets = empty(INITIAL_BUCKETS);
  private int size;

  /** Ranges by device and class. */
  private int[][] countByClass = new int[8][];

  /**
   * A bit for every class of which the device has a range: few, so that a lookup has few probes.
   */
  private long[] classes = new long[8];

  RangeIndex(RangeRecords records) {
    this.records = records;
  }

  int size() {
    return size;
  }

  /** Adds a range. Returns how many stood in its chain before. */
  int add(int slot) {
    if (size >= buckets.length) {
      grow();
    }
    int device = records.device(slot);
    int sizeClass = sizeClass(records.sizeBytes(slot));
    int bucket = bucket(device, sizeClass, key(records.addr(slot), sizeClass));
    int length = 0;
    for (int other = buckets[bucket]; other != NONE; other = records.next(other)) {
      length++;
    }
    records.next(slot, buckets[bucket]);
    buckets[bucket] = slot;
    if (counts(device)[sizeClass]++ == 0) {
      classes[device] |= 1L << sizeClass;
    }
    size++;
    return length;
  }

  /** Removes a range that stands in the table. */
  void remove(int slot) {
    int device = records.device(slot);
    int sizeClass = sizeClass(records.sizeBytes(slot));
    int bucket = bucket(device, sizeClass, key(records.addr(slot), sizeClass));
    int next = records.next(slot);
    if (buckets[bucket] == slot) {
      buckets[bucket] = next;
    } else {
      int before = buckets[bucket];
      while (records.next(before) != slot) {
        before = records.next(before);
      }
      records.next(before, next);
    }
    if (--countByClass[device][sizeClass] == 0) {
      classes[device] &= ~(1L << sizeClass);
    }
    size--;
  }

  /** First range of the chain in which one of that device, size and start would stand, or -1. */
  int chain(int device, long addr, long sizeBytes) {
    int sizeClass = sizeClass(sizeBytes);
    return buckets[bucket(device, sizeClass, key(addr, sizeClass))];
  }

  /** Collects every live, or every ended, range of the device that starts at {@code addr}. */
  void atStart(int device, long addr, boolean live, SlotList found) {
    for (long rest = classesOf(device); rest != 0; rest &= rest - 1) {
      int sizeClass = Long.numberOfTrailingZeros(rest);
      int slot = buckets[bucket(device, sizeClass, key(addr, sizeClass))];
      for (; slot != NONE; slot = records.next(slot)) {
        if (records.addr(slot) == addr
            && records.device(slot) == device
            && records.live(slot) == live
            && sizeClass(records.sizeBytes(slot)) == sizeClass) {
          found.add(slot);
        }
      }
    }
  }

  /**
   * Collects every live, or every ended, range of the device that shares a byte with {@code first}
   * to {@code last}.
   */
  void overlapping(int device, long first, long last, boolean live, SlotList found) {
    for (long rest = classesOf(device); rest != 0; rest &= rest - 1) {
      int sizeClass = Long.numberOfTrailingZeros(rest);
      long from = key(first, sizeClass);
      long to = key(last, sizeClass);
      if (from > 0) {
        from--;
      }
      if (to - from > buckets.length) {
        scan(device, sizeClass, first, last, live, found);
      } else {
        probe(device, sizeClass, from, to, first, last, live, found);
      }
    }
  }

  private void probe(
      int device,
      int sizeClass,
      long from,
      long to,
      long first,
      long last,
      boolean live,
      SlotList found) {
    for (long key = from; key <= to; key++) {
      int slot = buckets[bucket(device, sizeClass, key)];
      for (; slot != NONE; slot = records.next(slot)) {
        if (records.overlaps(slot, first, last)
            && records.device(slot) == device
            && records.live(slot) == live
            && sizeClass(records.sizeBytes(slot)) == sizeClass
            && key(records.addr(slot), sizeClass) == key) {
          found.add(slot);
        }
      }
    }
  }

  /** The look at a span of more buckets than there are ranges: every range once. */
  private void scan(
      int device, int sizeClass, long first, long last, boolean live, SlotList found) {
    for (int head : buckets) {
      for (int slot = head; slot != NONE; slot = records.next(slot)) {
        if (records.device(slot) == device
            && records.live(slot) == live
            && sizeClass(records.sizeBytes(slot)) == sizeClass
            && records.overlaps(slot, first, last)) {
          found.add(slot);
        }
      }
    }
  }

  /** Collects every live, or every ended, range. */
  void all(boolean live, SlotList found) {
    for (int head : buckets) {
      for (int slot = head; slot != NONE; slot = records.next(slot)) {
        if (records.live(slot) == live) {
          found.add(slot);
        }
      }
    }
  }

  /** Collects the live, or the ended, ranges that stand in one bucket with the given one. */
  void besides(int slot, boolean live, SlotList found) {
    int device = records.device(slot);
    int sizeClass = sizeClass(records.sizeBytes(slot));
    long key = key(records.addr(slot), sizeClass);
    int other = buckets[bucket(device, sizeClass, key)];
    for (; other != NONE; other = records.next(other)) {
      if (records.device(other) == device
          && records.live(other) == live
          && sizeClass(records.sizeBytes(other)) == sizeClass
          && key(records.addr(other), sizeClass) == key) {
        found.add(other);
      }
    }
  }

  private void grow() {
    int[] old = buckets;
    buckets = empty(old.length * 2);
    for (int head : old) {
      int slot = head;
      while (slot != NONE) {
        int next = records.next(slot);
        int sizeClass = sizeClass(records.sizeBytes(slot));
        int bucket = bucket(records.device(slot), sizeClass, key(records.addr(slot), sizeClass));
        records.next(slot, buckets[bucket]);
        buckets[bucket] = slot;
        slot = next;
      }
    }
  }

  private static int[] empty(int length) {
    int[] buckets = new int[length];
    Arrays.fill(buckets, NONE);
    return buckets;
  }

  private long classesOf(int device) {
    return device < classes.length ? classes[device] : 0;
  }

  private int[] counts(int device) {
    if (device >= countByClass.length) {
      int length = Math.max(device + 1, countByClass.length * 2);
      countByClass = Arrays.copyOf(countByClass, length);
      classes = Arrays.copyOf(classes, length);
    }
    int[] counts = countByClass[device];
    if (counts == null) {
      counts = new int[CLASSES];
      countByClass[device] = counts;
    }
    return counts;
  }

  private static long key(long addr, int sizeClass) {
    return sizeClass == CLASSES - 1 ? 0 : addr >>> (CLASS_0_SHIFT + sizeClass);
  }

  private int bucket(int device, int sizeClass, long key) {
    long mixed =
        (key * 0x9E3779B97F4A7C15L) ^ ((long) (device * 64 + sizeClass) * 0xC2B2AE3D27D4EB4FL);
    return (int) ((mixed ^ mixed >>> 29) >>> 17) & (buckets.length - 1);
  }

  /** The smallest class whose span holds the size. */
  static int sizeClass(long sizeBytes) {
    long pages = (sizeBytes - 1) >>> CLASS_0_SHIFT;
    return sizeBytes == 0 ? 0 : 64 - Long.numberOfLeadingZeros(pages);
  }
}
