package io.dmascope.model.mapping;

import io.dmascope.model.event.U64List;
import java.util.ArrayList;
import java.util.List;

/* hot path */
/**
 * Finds scatterlists by the physical addresses of their entries, since {@code dma_unmap_sg} carries
 * nothing else.
 *
 * <p>Filed by device and first address. Lists may begin alike (the zero page begins many), so whole
 * lists are compared.
 */
final class SgIndex {
  private MappedList[] buckets = new MappedList[256];
  private int size;

  void add(MappedList list) {
    if (size >= buckets.length) {
      grow();
    }
    link(list);
    size++;
  }

  /** Removes a list that stands in the index. */
  void remove(MappedList list) {
    if (list.previous == null) {
      buckets[bucket(list.device().id(), first(list.physAddrs()))] = list.next;
    } else {
      list.previous.next = list.next;
    }
    if (list.next != null) {
      list.next.previous = list.previous;
    }
    list.next = null;
    list.previous = null;
    size--;
  }

  /**
   * The lists of the device whose full entry count is {@code nents} and whose traced entries all
   * agree.
   */
  List<MappedList> same(int device, U64List physAddrs, int nents) {
    List<MappedList> found = List.of();
    for (MappedList o = buckets[bucket(device, first(physAddrs))]; o != null; o = o.next) {
      if (o.device().id() == device && o.nents() == nents && agree(o.physAddrs(), physAddrs)) {
        found = with(found, o);
      }
    }
    return found;
  }

  /** The lists of the device of which one is the beginning of the other. */
  List<MappedList> beginningAlike(int device, U64List physAddrs) {
    List<MappedList> found = List.of();
    for (MappedList o = buckets[bucket(device, first(physAddrs))]; o != null; o = o.next) {
      if (o.device().id() == device && agree(o.physAddrs(), physAddrs)) {
        found = with(found, o);
      }
    }
    return found;
  }

  /**
   * Of the lists that begin with the same entry as the given one, the one that was mapped longest
   * ago; null while they are fewer than {@code crowd}.
   */
  MappedList oldestOfCrowd(MappedList list, int crowd) {
    int device = list.device().id();
    long first = first(list.physAddrs());
    int alike = 0;
    MappedList oldest = null;
    for (MappedList o = buckets[bucket(device, first)]; o != null; o = o.next) {
      if (o.device().id() == device && first(o.physAddrs()) == first) {
        alike++;
        if (oldest == null || o.lastMapped().sequence() < oldest.lastMapped().sequence()) {
          oldest = o;
        }
      }
    }
    return alike >= crowd ? oldest : null;
  }

  private static List<MappedList> with(List<MappedList> found, MappedList next) {
    List<MappedList> more = found.isEmpty() ? new ArrayList<>(2) : found;
    more.add(next);
    return more;
  }

  private static boolean agree(U64List a, U64List b) {
    return a.samePrefix(b, Math.min(a.size(), b.size()));
  }

  private static long first(U64List physAddrs) {
    return physAddrs.isEmpty() ? 0 : physAddrs.at(0);
  }

  private void link(MappedList list) {
    int bucket = bucket(list.device().id(), first(list.physAddrs()));
    MappedList head = buckets[bucket];
    list.next = head;
    list.previous = null;
    if (head != null) {
      head.previous = list;
    }
    buckets[bucket] = list;
  }

  private void grow() {
    MappedList[] old = buckets;
    buckets = new MappedList[old.length * 2];
    for (MappedList head : old) {
      MappedList o = head;
      while (o != null) {
        MappedList next = o.next;
        link(o);
        o = next;
      }
    }
  }

  private int bucket(int device, long physAddr) {
    long mixed = (physAddr >>> 4) * 0x9E3779B97F4A7C15L ^ device * 0xC2B2AE3D27D4EB4FL;
    return (int) (mixed >>> 33) & (buckets.length - 1);
  }
}
