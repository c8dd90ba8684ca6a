package io.dmascope.model.mapping;

import io.dmascope.model.event.U64List;
import java.util.ArrayList;
import java.util.Arrays;
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
  private MappedObject[] buckets = new MappedObject[256];
  private int size;

  void add(MappedObject list) {
    if (size >= buckets.length) {
      grow();
    }
    link(list);
    size++;
  }

  void remove(MappedObject list) {
    int bucket = bucket(list.device().id(), first(list.physAddrs()));
    MappedObject previous = null;
    for (MappedObject o = buckets[bucket]; o != null; previous = o, o = o.nextInIndex) {
      if (o != list) {
        continue;
      }
      if (previous == null) {
        buckets[bucket] = o.nextInIndex;
      } else {
        previous.nextInIndex = o.nextInIndex;
      }
      o.nextInIndex = null;
      size--;
      return;
    }
  }

  /**
   * The lists of the device whose full entry count is {@code nents} and whose traced entries all
   * agree.
   */
  List<MappedObject> same(int device, U64List physAddrs, int nents) {
    List<MappedObject> found = List.of();
    for (MappedObject o = buckets[bucket(device, first(physAddrs))]; o != null; o = o.nextInIndex) {
      if (o.device().id() == device && o.nents() == nents && agree(o.physAddrs(), physAddrs)) {
        found = with(found, o);
      }
    }
    return found;
  }

  /** The lists of the device of which one is the beginning of the other. */
  List<MappedObject> beginningAlike(int device, U64List physAddrs) {
    List<MappedObject> found = List.of();
    for (MappedObject o = buckets[bucket(device, first(physAddrs))]; o != null; o = o.nextInIndex) {
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
  MappedObject oldestOfCrowd(MappedObject list, int crowd) {
    int device = list.device().id();
    long first = first(list.physAddrs());
    int alike = 0;
    MappedObject oldest = null;
    for (MappedObject o = buckets[bucket(device, first)]; o != null; o = o.nextInIndex) {
      if (o.device().id() == device && first(o.physAddrs()) == first) {
        alike++;
        if (oldest == null || o.lastMapped().sequence() < oldest.lastMapped().sequence()) {
          oldest = o;
        }
      }
    }
    return alike >= crowd ? oldest : null;
  }

  private static List<MappedObject> with(List<MappedObject> found, MappedObject next) {
    List<MappedObject> more = found.isEmpty() ? new ArrayList<>(2) : found;
    more.add(next);
    return more;
  }

  private static boolean agree(U64List a, U64List b) {
    return a.samePrefix(b, Math.min(a.size(), b.size()));
  }

  private static long first(U64List physAddrs) {
    return physAddrs.isEmpty() ? 0 : physAddrs.at(0);
  }

  private void link(MappedObject list) {
    int bucket = bucket(list.device().id(), first(list.physAddrs()));
    list.nextInIndex = buckets[bucket];
    buckets[bucket] = list;
  }

  private void grow() {
    MappedObject[] old = buckets;
    buckets = Arrays.copyOf(new MappedObject[0], old.length * 2);
    for (MappedObject head : old) {
      MappedObject o = head;
      while (o != null) {
        MappedObject next = o.nextInIndex;
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
