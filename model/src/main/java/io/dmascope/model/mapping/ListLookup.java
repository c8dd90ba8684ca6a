package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.U64List;
import java.util.List;

/** Finds scatterlists by their memory, which is all that an unmap names. */
final class ListLookup {
  private final RangeRecords records;
  private final RangeIndex index;
  private final ListStore listStore;
  private final SgIndex lists;
  private final ReleasedMemory released;
  private final SlotList found = new SlotList();

  ListLookup(
      RangeRecords records,
      RangeIndex index,
      ListStore listStore,
      SgIndex lists,
      ReleasedMemory released) {
    this.records = records;
    this.index = index;
    this.listStore = listStore;
    this.lists = lists;
    this.released = released;
  }

  /**
   * Finds the scatterlist with these entries: the same direction if there is one, a whole one if
   * there is one, the oldest among equals; or null.
   */
  MappedList matchList(int device, DmaDirection direction, U64List physAddrs) {
    return choose(lists.same(device, physAddrs, physAddrs.size()), direction);
  }

  /**
   * Finds a live scatterlist of which the given one is the beginning, or the other way round; or
   * null.
   */
  MappedList matchListBeginning(int device, DmaDirection direction, U64List physAddrs) {
    return choose(lists.beginningAlike(device, physAddrs), direction);
  }

  /** Finds the scatterlist with these entries that ended last, or null. */
  MappedList releasedList(int device, U64List physAddrs) {
    MappedList latest = null;
    for (MappedList list : released.lists().beginningAlike(device, physAddrs)) {
      if (latest == null || released.isBefore(latest.number, list.number)) {
        latest = list;
      }
    }
    return latest;
  }

  /** Another live list of the device with the same entries, the youngest, or null. */
  MappedList twin(MappedList list) {
    MappedList youngest = null;
    if (!list.physAddrs().isEmpty()) {
      for (MappedList other : lists.same(list.device().id(), list.physAddrs(), list.nents())) {
        if (other != list
            && (youngest == null
                || other.lastMapped().sequence() > youngest.lastMapped().sequence())) {
          youngest = other;
        }
      }
    }
    return youngest;
  }

  /**
   * Finds the live list that an unmap meant where the page tables that it removed are not those of
   * the list that was taken for it, but those of a twin; or null.
   *
   * @param unmapped the event of the unmap
   * @param iova where the removed page tables begin, on a granule
   */
  MappedList meantTwin(Device device, EventHeader unmapped, long iova, long granule) {
    index.overlapping(device.id(), iova, iova + granule - 1, true, found.clear());
    for (int i = 0; i < found.size(); i++) {
      MappedList list =
          records.isEntry(found.at(i)) ? listStore.at(records.list(found.at(i))) : null;
      if (list != null
          && list.instances() == 1
          && Addresses.alignDown(list.dmaAddr(), granule) == iova
          && endedTwin(list, unmapped) != null) {
        return list;
      }
    }
    return null;
  }

  MappedList endedTwin(MappedList live, EventHeader unmapped) {
    for (MappedList ended :
        released.lists().same(live.device().id(), live.physAddrs(), live.nents())) {
      if (ended.released().equals(unmapped) && ended.isTwin(live)) {
        return ended;
      }
    }
    return null;
  }

  private static MappedList choose(List<MappedList> candidates, DmaDirection direction) {
    MappedList best = null;
    for (MappedList list : candidates) {
      if (best == null || better(list, best, direction)) {
        best = list;
      }
    }
    return best;
  }

  private static boolean better(MappedList a, MappedList b, DmaDirection direction) {
    boolean aDirection = a.direction() == direction;
    boolean bDirection = b.direction() == direction;
    if (aDirection != bDirection) {
      return aDirection;
    }
    // Of what a wrong unmap has torn a driver evidently has let go.
    if (a.torn() != b.torn()) {
      return b.torn();
    }
    return a.firstMapped().sequence() < b.firstMapped().sequence();
  }
}
