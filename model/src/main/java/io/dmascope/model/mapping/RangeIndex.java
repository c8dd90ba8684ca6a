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
   * A link of a chain is a slot 24 | eight bits of the hash of the range in it: a walk passes the ranges of other buckets
   * without a look at their records, which are seldom in the cache. Chains are short: mappings that do not overlap fill a
   * bucket of class 0 with a few buffers of one page, and of any other class with two; where overlapping ones crowd, the
   * oldest are forgotten (see LiveBounds).
   */
  private static final int CLASS_0_SHIFT = 12;
  private static final int CLASSES = 64 - CLASS_0_SHIFT + 1;
  private static final int INITIAL_BUCKETS = 1 << 10;

  /** Ranges a bucket, where the table grows: a walk costs little, a bucket four bytes. */
  private static final int LOAD_MAX = 2;

  /** 2^16 spans: 256 MiB for single pages. */
  private static final int REGION_SHIFT = 16;

  private static final int TAG_SHIFT = 24;
  private static final int SLOT_MASK = (1 << TAG_SHIFT) - 1;
  private static final int NONE = RangeRecords.NONE;

  private final RangeRecords records;
  private int[] buckets = empty(INITIAL_BUCKETS);
  private int size;

  private final ClassCensus live = new ClassCensus();
  private final ClassCensus ended = new ClassCensus();

  /**
   * How many ranges of each size class a device has: a lookup looks only where there is something.
   */
  private static final class ClassCensus {
    private int[][] counts = new int[8][];

    /** A bit for every class of which the device has a range. */
    private long[] classes = new long[8];

    void add(int device, int sizeClass) {
      if (device >= counts.length) {
        int length = Math.max(device + 1, counts.length * 2);
        counts = Arrays.copyOf(counts, length);
        classes = Arrays.copyOf(classes, length);
      }
      if (counts[device] == null) {
        counts[device] = new int[CLASSES];
      }
      if (counts[device][sizeClass]++ == 0) {
        classes[device] |= 1L << sizeClass;
      }
    }

    void remove(int device, int sizeClass) {
      if (--counts[device][sizeClass] == 0) {
        classes[device] &= ~(1L << sizeClass);
      }
    }

    long of(int device) {
      return device < classes.length ? classes[device] : 0;
    }
  }

  RangeIndex(RangeRecords records) {
    this.records = records;
  }

  int size() {
    return size;
  }

  void add(int slot) {
    if (size >= buckets.length * LOAD_MAX) {
      grow();
    }
    int device = records.device(slot);
    int sizeClass = sizeClass(records.sizeBytes(slot));
    int hash = hash(device, sizeClass, key(records.addr(slot), sizeClass));
    records.link(slot, buckets[bucket(hash)]);
    buckets[bucket(hash)] = linkTo(slot, hash);
    census(records.live(slot)).add(device, sizeClass);
    size++;
  }

  /** Marks a range as ended; it stays where it is. */
  void end(int slot) {
    int device = records.device(slot);
    int sizeClass = sizeClass(records.sizeBytes(slot));
    live.remove(device, sizeClass);
    ended.add(device, sizeClass);
    records.end(slot);
  }

  private ClassCensus census(boolean alive) {
    return alive ? live : ended;
  }

  /** How many ranges stand behind the given one in its chain; those added before it. */
  int behind(int slot) {
    int length = 0;
    for (int link = records.link(slot); link != NONE; link = records.link(link & SLOT_MASK)) {
      length++;
    }
    return length;
  }

  /** Removes a range that stands in the table. */
  void remove(int slot) {
    int device = records.device(slot);
    int sizeClass = sizeClass(records.sizeBytes(slot));
    int hash = hash(device, sizeClass, key(records.addr(slot), sizeClass));
    int next = records.link(slot);
    int before = buckets[bucket(hash)] & SLOT_MASK;
    if (before == slot) {
      buckets[bucket(hash)] = next;
    } else {
      int after = records.link(before) & SLOT_MASK;
      while (after != slot) {
        before = after;
        after = records.link(before) & SLOT_MASK;
      }
      records.link(before, next);
    }
    census(records.live(slot)).remove(device, sizeClass);
    size--;
  }

  /** Collects every range, live or ended, of that device, start and size. */
  void equal(int device, long addr, long sizeBytes, SlotList found) {
    int sizeClass = sizeClass(sizeBytes);
    int hash = hash(device, sizeClass, key(addr, sizeClass));
    int link = buckets[bucket(hash)];
    for (; link != NONE; link = records.link(link & SLOT_MASK)) {
      int slot = link & SLOT_MASK;
      if (isTagged(link, hash)
          && records.addr(slot) == addr
          && records.sizeBytes(slot) == sizeBytes
          && records.device(slot) == device) {
        found.add(slot);
      }
    }
  }

  /** Collects every live, or every ended, range of the device that starts at {@code addr}. */
  void atStart(int device, long addr, boolean live, SlotList found) {
    for (long rest = census(live).of(device); rest != 0; rest &= rest - 1) {
      int sizeClass = Long.numberOfTrailingZeros(rest);
      int hash = hash(device, sizeClass, key(addr, sizeClass));
      int link = buckets[bucket(hash)];
      for (; link != NONE; link = records.link(link & SLOT_MASK)) {
        int slot = link & SLOT_MASK;
        if (isTagged(link, hash)
            && records.addr(slot) == addr
            && records.live(slot) == live
            && isFiled(slot, device, sizeClass)) {
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
    for (long rest = census(live).of(device); rest != 0; rest &= rest - 1) {
      int sizeClass = Long.numberOfTrailingZeros(rest);
      long from = key(first, sizeClass);
      long to = key(last, sizeClass);
      if (from > 0) {
        from--;
      }
      if (to - from > buckets.length) {
        scan(device, sizeClass, first, last, live, found);
        continue;
      }
      for (long key = from; key <= to; key++) {
        probe(device, sizeClass, key, first, last, live, found);
      }
    }
  }

  private void probe(
      int device, int sizeClass, long key, long first, long last, boolean live, SlotList found) {
    int hash = hash(device, sizeClass, key);
    int link = buckets[bucket(hash)];
    for (; link != NONE; link = records.link(link & SLOT_MASK)) {
      int slot = link & SLOT_MASK;
      if (isTagged(link, hash)
          && records.overlaps(slot, first, last)
          && records.live(slot) == live
          && isFiled(slot, device, sizeClass)
          && key(records.addr(slot), sizeClass) == key) {
        found.add(slot);
      }
    }
  }

  /** The look at a span of more buckets than there are ranges: every range once. */
  private void scan(
      int device, int sizeClass, long first, long last, boolean live, SlotList found) {
    for (int head : buckets) {
      for (int link = head; link != NONE; link = records.link(link & SLOT_MASK)) {
        int slot = link & SLOT_MASK;
        if (records.live(slot) == live
            && isFiled(slot, device, sizeClass)
            && records.overlaps(slot, first, last)) {
          found.add(slot);
        }
      }
    }
  }

  /** Collects every live, or every ended, range. */
  void all(boolean live, SlotList found) {
    for (int head : buckets) {
      for (int link = head; link != NONE; link = records.link(link & SLOT_MASK)) {
        if (records.live(link & SLOT_MASK) == live) {
          found.add(link & SLOT_MASK);
        }
      }
    }
  }

  /** Collects the live, or the ended, ranges that stand in one bucket with the given one. */
  void besides(int slot, boolean live, SlotList found) {
    int device = records.device(slot);
    int sizeClass = sizeClass(records.sizeBytes(slot));
    long key = key(records.addr(slot), sizeClass);
    int link = buckets[bucket(hash(device, sizeClass, key))];
    for (; link != NONE; link = records.link(link & SLOT_MASK)) {
      int other = link & SLOT_MASK;
      if (records.live(other) == live
          && isFiled(other, device, sizeClass)
          && key(records.addr(other), sizeClass) == key) {
        found.add(other);
      }
    }
  }

  private boolean isFiled(int slot, int device, int sizeClass) {
    return records.device(slot) == device && sizeClass(records.sizeBytes(slot)) == sizeClass;
  }

  private void grow() {
    int[] old = buckets;
    buckets = empty(old.length * 2);
    for (int head : old) {
      int link = head;
      while (link != NONE) {
        int slot = link & SLOT_MASK;
        link = records.link(slot);
        int sizeClass = sizeClass(records.sizeBytes(slot));
        int hash = hash(records.device(slot), sizeClass, key(records.addr(slot), sizeClass));
        records.link(slot, buckets[bucket(hash)]);
        buckets[bucket(hash)] = linkTo(slot, hash);
      }
    }
  }

  private static int[] empty(int length) {
    int[] buckets = new int[length];
    Arrays.fill(buckets, NONE);
    return buckets;
  }

  private static long key(long addr, int sizeClass) {
    return sizeClass == CLASSES - 1 ? 0 : addr >>> (CLASS_0_SHIFT + sizeClass);
  }

  /**
   * Neighbouring keys get neighbouring buckets, as long as they lie in one region: addresses are
   * given out in order, and their ranges are then met in order. Eight bits tell apart what meets.
   */
  private static int hash(int device, int sizeClass, long key) {
    long file = device * 64L + sizeClass;
    long region = ((key >>> REGION_SHIFT) * 0x9E3779B97F4A7C15L) + file * 0xC2B2AE3D27D4EB4FL;
    int tag = (int) (((key + file) * 0x9E3779B97F4A7C15L) >>> 32) & ~SLOT_MASK;
    long near = key ^ key >>> 4 ^ key >>> 9;
    return tag | ((int) (near ^ region >>> 32) & SLOT_MASK);
  }

  private int bucket(int hash) {
    return hash & (buckets.length - 1);
  }

  /** The tag is the hash's upper end, which few tables are large enough to tell buckets by. */
  private static int linkTo(int slot, int hash) {
    return (hash & ~SLOT_MASK) | slot;
  }

  private static boolean isTagged(int link, int hash) {
    return ((link ^ hash) & ~SLOT_MASK) == 0;
  }

  /** The smallest class whose span holds the size. */
  static int sizeClass(long sizeBytes) {
    long pages = (sizeBytes - 1) >>> CLASS_0_SHIFT;
    return sizeBytes == 0 ? 0 : 64 - Long.numberOfLeadingZeros(pages);
  }
}
