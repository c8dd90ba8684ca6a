package io.dmascope.model.mapping;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/* hot path */
/**
 * A multiset of {@link Range}s, found by start address, by containment and by overlap, per device.
 *
 * <p>Results never depend on the order of insertion: where several ranges qualify, callers choose
 * by explicit criteria.
 */
final class RangeTable {
  /*
   * A hash table with one twist. A range is filed under (device, size class, address >> shift(class)), where the class is
   * chosen so that a range is no longer than one bucket's span: it starts in the bucket it is filed under and reaches at
   * most into the next. Whoever looks for ranges that cover a byte therefore looks, per size class that the device uses,
   * into two buckets: the byte's own and the one before. Devices use few size classes (a page, a ring, a large buffer), so
   * that containment costs a handful of probes and no ordered tree has to be kept.
   *
   * Class 0 spans 4 KiB; class n spans 4 KiB << n; the largest holds everything.
   */
  private static final int CLASS_0_SHIFT = 12;
  private static final int CLASSES = 64 - CLASS_0_SHIFT + 1;
  private static final int INITIAL_BUCKETS = 1 << 10;

  private Range[] buckets = new Range[INITIAL_BUCKETS];
  private int size;

  /** Live ranges by device and class. */
  private int[][] countByClass = new int[8][];

  /**
   * A bit for every class of which the device has a range: few, so that a lookup has few probes.
   */
  private long[] classes = new long[8];

  int size() {
    return size;
  }

  void add(Range range) {
    if (size >= buckets.length) {
      grow();
    }
    link(range);
    int device = range.owner.device().id();
    int sizeClass = sizeClass(range.sizeBytes);
    if (counts(device)[sizeClass]++ == 0) {
      classes[device] |= 1L << sizeClass;
    }
    range.listed = true;
    size++;
  }

  /** Removes the range; does nothing where it is not listed. */
  void remove(Range range) {
    if (!range.listed) {
      return;
    }
    if (range.previous == null) {
      buckets[bucketOf(range)] = range.next;
    } else {
      range.previous.next = range.next;
    }
    if (range.next != null) {
      range.next.previous = range.previous;
    }
    range.next = null;
    range.previous = null;
    range.listed = false;
    int device = range.owner.device().id();
    int sizeClass = sizeClass(range.sizeBytes);
    if (--countByClass[device][sizeClass] == 0) {
      classes[device] &= ~(1L << sizeClass);
    }
    size--;
  }

  /** Collects every range of the device that starts at {@code addr}. */
  void atStart(int device, long addr, RangeList found) {
    for (long rest = classesOf(device); rest != 0; rest &= rest - 1) {
      int sizeClass = Long.numberOfTrailingZeros(rest);
      for (Range r = buckets[bucket(device, sizeClass, key(addr, sizeClass))];
          r != null;
          r = r.next) {
        if (r.addr == addr
            && r.owner.device().id() == device
            && sizeClass(r.sizeBytes) == sizeClass) {
          found.add(r);
        }
      }
    }
  }

  /**
   * Collects every range of the device that contains all bytes from {@code first} to {@code last}.
   */
  void containing(int device, long first, long last, RangeList found) {
    int before = found.size();
    overlapping(device, first, first, found);
    found.keepFrom(before, range -> range.contains(first, last));
  }

  /** Collects every range of the device that shares a byte with {@code first} to {@code last}. */
  void overlapping(int device, long first, long last, RangeList found) {
    for (long rest = classesOf(device); rest != 0; rest &= rest - 1) {
      int sizeClass = Long.numberOfTrailingZeros(rest);
      long from = key(first, sizeClass);
      long to = key(last, sizeClass);
      if (from > 0) {
        from--;
      }
      if (to - from > buckets.length) {
        scan(device, sizeClass, first, last, found);
      } else {
        probe(device, sizeClass, from, to, first, last, found);
      }
    }
  }

  private void probe(
      int device, int sizeClass, long from, long to, long first, long last, RangeList found) {
    for (long key = from; key <= to; key++) {
      for (Range r = buckets[bucket(device, sizeClass, key)]; r != null; r = r.next) {
        if (r.owner.device().id() == device
            && sizeClass(r.sizeBytes) == sizeClass
            && key(r.addr, sizeClass) == key
            && r.overlaps(first, last)) {
          found.add(r);
        }
      }
    }
  }

  /** The look at a span of more buckets than there are ranges: every range once. */
  private void scan(int device, int sizeClass, long first, long last, RangeList found) {
    for (Range head : buckets) {
      for (Range r = head; r != null; r = r.next) {
        if (r.owner.device().id() == device
            && sizeClass(r.sizeBytes) == sizeClass
            && r.overlaps(first, last)) {
          found.add(r);
        }
      }
    }
  }

  /** Every range, by device, address and age. */
  List<Range> sorted() {
    List<Range> all = new ArrayList<>(size);
    for (Range head : buckets) {
      for (Range r = head; r != null; r = r.next) {
        all.add(r);
      }
    }
    all.sort(
        Comparator.comparingInt((Range r) -> r.owner.device().id())
            .thenComparing((a, b) -> Long.compareUnsigned(a.addr, b.addr))
            .thenComparingLong(r -> r.owner.firstMapped().sequence())
            .thenComparingInt(r -> r.index));
    return all;
  }

  private void link(Range range) {
    int bucket = bucketOf(range);
    Range head = buckets[bucket];
    range.next = head;
    range.previous = null;
    if (head != null) {
      head.previous = range;
    }
    buckets[bucket] = range;
  }

  private void grow() {
    Range[] old = buckets;
    buckets = new Range[old.length * 2];
    for (Range head : old) {
      Range r = head;
      while (r != null) {
        Range next = r.next;
        link(r);
        r = next;
      }
    }
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

  private int bucketOf(Range range) {
    int sizeClass = sizeClass(range.sizeBytes);
    return bucket(range.owner.device().id(), sizeClass, key(range.addr, sizeClass));
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
