package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.MappingKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/* hot path */
/**
 * Everything that is mapped now, and the memory of what was mapped before: a multiset, since
 * without an IOMMU the same page may be mapped many times at one address.
 *
 * <p>Single mappings and the entries of scatterlists are ranges of one table, known by their slots;
 * rules see them as {@link MappedObject}s and {@link Range}s.
 */
public final class LiveMappings {
  /** Stands for no slot. */
  static final int NONE = RangeRecords.NONE;

  private final DeviceTable devices;
  private final TaskNames names = new TaskNames();
  private final RangeRecords records = new RangeRecords(names);
  private final RangeIndex index = new RangeIndex(records);
  private final SinglePages pages = new SinglePages(records);
  private final ListStore listStore = new ListStore();
  private final SgIndex lists = new SgIndex();
  private final ReleasedMemory released =
      new ReleasedMemory(records, index, listStore, pages, names);
  private final RangeOwners owners = new RangeOwners(records, listStore);
  private final ListLookup listLookup = new ListLookup(records, index, listStore, lists, released);
  private final RangeLookup ranges;
  private final LiveBounds bounds;
  private final SlotList found = new SlotList();
  private final MappedSingle current = new MappedSingle(records);
  private final List<SinglePages.Restored> restored = new ArrayList<>();
  private int candidates;

  /** The equal range that was matched last, until something changes; see {@link #endedAlike}. */
  private int matched = NONE;

  /** The ended single mapping with the start and size of the one matched, found on the way. */
  private int endedAlike = NONE;

  public LiveMappings(DeviceTable devices) {
    this(devices, LiveBounds.LIVE_MAX);
  }

  /** {@code liveMax} is how many live objects are remembered. */
  LiveMappings(DeviceTable devices, int liveMax) {
    this.devices = devices;
    ranges = new RangeLookup(devices, records, index, listStore, released);
    bounds = new LiveBounds(liveMax, new LiveObjects(records, listStore), devices);
  }

  /**
   * Adds a single mapping or an allocation, or one more instance of the same. Returns the object,
   * valid until the next one is asked for.
   */
  MappedSingle addSingle(
      Device device,
      MappingKind kind,
      DmaDirection direction,
      long attrs,
      long dmaAddr,
      long sizeBytes,
      long physAddr,
      EventHeader header) {
    matched = NONE;
    count(device, sizeBytes);
    liveSinglesAt(device.id(), dmaAddr);
    for (int i = 0; i < found.size(); i++) {
      int same = found.at(i);
      if (records.sizeBytes(same) == sizeBytes
          && records.kind(same) == kind
          && records.direction(same) == direction
          && records.attrs(same) == attrs
          && records.physAddr(same) == physAddr) {
        if (direction.deviceWrites() && physAddr == dmaAddr) {
          device.aliasedSingles++;
        }
        records.mapAgain(same, header);
        pages.changed(same);
        return show(same);
      }
    }
    long knownSince = knownSince(header.sequence());
    if (found.size() >= LiveBounds.SAME_START_MAX) {
      forgetSingle(oldestFound());
    }
    int slot =
        records.addSingle(device, kind, direction, attrs, dmaAddr, sizeBytes, physAddr, header);
    records.knownSince(slot, knownSince);
    pages.changed(slot);
    index.add(slot);
    bounds.added(device, kind, 1);
    relieve(slot);
    makeRoom(device);
    return show(slot);
  }

  private void liveSinglesAt(int device, long addr) {
    index.atStart(device, addr, true, found.clear());
    if (found.size() > 0) {
      found.keep(slot -> !records.isEntry(slot));
    }
  }

  /** Takes over the doubts about the mappings found, which cannot be told from the new one. */
  private long knownSince(long sequence) {
    long since = sequence;
    for (int i = 0; i < found.size(); i++) {
      since = Math.min(since, records.knownSince(found.at(i)));
    }
    return since;
  }

  /** Adds a scatterlist, or one more instance of the same. Returns the object. */
  MappedList addList(Device device, DmaMapSg map) {
    matched = NONE;
    MappedList list = MappedList.of(device, map);
    count(device, list.sizeBytes());
    if (!list.physAddrs().isEmpty()) {
      for (MappedList same : lists.same(device.id(), list.physAddrs(), list.nents())) {
        if (same.isEqual(list)) {
          same.mapAgain(map.header());
          listStore.changed(same);
          return same;
        }
      }
      MappedList crowded = lists.oldestOfCrowd(list, LiveBounds.SAME_FIRST_MAX);
      if (crowded != null) {
        forget(crowded);
      }
      lists.add(list);
    }
    listStore.add(list);
    for (int i = 0; i < list.rangeCount(); i++) {
      enter(list, i);
    }
    bounds.added(device, MappingKind.SCATTER_GATHER, list.rangeCount());
    for (int i = 0; i < list.rangeCount(); i++) {
      relieve(list.entry(i));
    }
    makeRoom(device);
    return list;
  }

  private void enter(MappedList list, int i) {
    int entry = records.addEntry(list.device(), list.addr(i), list.length(i), list.slot, i);
    list.entry(i, entry);
    index.add(entry);
  }

  private void makeRoom(Device device) {
    if (bounds.exceeded(device)) {
      int excess = bounds.excess(device);
      if (excess < 0) {
        forget(listStore.at(~excess));
      } else {
        forgetSingle(excess);
      }
    }
  }

  /** Makes room where so many ranges begin in one place that looking at all takes too long. */
  private void relieve(int slot) {
    if (index.behind(slot) <= LiveBounds.CROWD_MAX) {
      return;
    }
    index.besides(slot, true, found.clear());
    if (found.size() > LiveBounds.CROWD_MAX) {
      int oldest = oldestFound(slot);
      if (oldest == NONE) {
        return; // It is its own crowd.
      }
      if (records.isEntry(oldest)) {
        forget(listStore.at(records.list(oldest)));
      } else {
        forgetSingle(oldest);
      }
    }
    index.besides(slot, false, found.clear());
    if (found.size() > LiveBounds.CROWD_MAX) {
      released.forgetUpTo(found);
    }
  }

  /** Drops a live mapping as if it had never been made; what it leaves behind is doubt. */
  private void forgetSingle(int slot) {
    Device device = devices.at(records.device(slot));
    countForgotten(device, records.instances(slot), records.sizeBytes(slot));
    bounds.removed(device, records.kind(slot), 1);
    index.remove(slot);
    pages.changed(slot);
    records.free(slot);
  }

  private void forget(MappedList list) {
    countForgotten(list.device(), list.instances(), list.sizeBytes());
    unlink(list);
    listStore.remove(list);
  }

  private static void countForgotten(Device device, int instances, long sizeBytes) {
    device.forgotten += instances;
    device.liveMappings -= instances;
    device.liveBytes -= instances * sizeBytes;
  }

  /** Takes a live list out of every index. */
  private void unlink(MappedList list) {
    for (int i = 0; i < list.rangeCount(); i++) {
      leave(list, i);
    }
    unlist(list);
  }

  /** Takes a live list out of the index of lists; its entries stay. */
  private void unlist(MappedList list) {
    if (!list.physAddrs().isEmpty()) {
      lists.remove(list);
    }
    bounds.removed(list.device(), MappingKind.SCATTER_GATHER, list.rangeCount());
  }

  private void leave(MappedList list, int i) {
    int entry = list.entry(i);
    if (entry != NONE) {
      index.remove(entry);
      records.free(entry);
      list.entry(i, NONE);
    }
  }

  private int oldestFound() {
    return oldestFound(NONE);
  }

  /** Of the ranges found the one that was mapped longest ago, but for those of {@code except}. */
  private int oldestFound(int except) {
    int oldest = NONE;
    for (int i = 0; i < found.size(); i++) {
      int slot = found.at(i);
      if (!owners.isOneObject(slot, except)
          && (oldest == NONE || owners.lastSequence(slot) < owners.lastSequence(oldest))) {
        oldest = slot;
      }
    }
    return oldest;
  }

  /**
   * Ends one instance of the object.
   *
   * @return true where nothing of it is left, so that it is now remembered as released
   */
  boolean release(MappedObject object, EventHeader header) {
    Device device = object.device();
    device.unmaps++;
    device.liveMappings--;
    device.liveBytes -= object.sizeBytes();
    device.changedSinceSummary = true;
    return switch (object) {
      case MappedSingle single -> release(single, header);
      case MappedList list -> release(list, header);
    };
  }

  private boolean release(MappedSingle single, EventHeader header) {
    int slot = single.slot();
    pages.changed(slot);
    if (!records.unmapOnce(slot)) {
      single.ended(records.instances(slot), null);
      return false;
    }
    bounds.removed(single.device(), single.kind(), 1);
    released.add(slot, slot == matched ? endedAlike : released.alike(slot), header);
    matched = NONE;
    single.ended(0, header);
    return true;
  }

  private boolean release(MappedList list, EventHeader header) {
    matched = NONE;
    listStore.changed(list);
    if (!list.unmapOnce(header)) {
      return false;
    }
    unlist(list);
    released.add(list);
    return true;
  }

  /**
   * Ends single entries of a scatterlist, as a wrong unmap does; the object ends with its last
   * entry.
   */
  boolean releaseEntries(MappedList list, int fromIndex, int toIndex, EventHeader header) {
    if (list.instances() > 1 || list.rangeCount() <= 1) {
      return release((MappedObject) list, header);
    }
    for (int i = fromIndex; i < Math.min(toIndex, list.rangeCount()); i++) {
      leave(list, i);
    }
    tear(list);
    return list.bare() && release((MappedObject) list, header);
  }

  /** Notes that a wrong unmap has ended part of the object. */
  void tear(MappedObject object) {
    switch (object) {
      case MappedSingle single -> {
        records.tear(single.slot());
        pages.changed(single.slot());
      }
      case MappedList list -> {
        list.tear();
        listStore.changed(list);
      }
    }
  }

  /** Notes how the object came by its address. */
  void translated(MappedObject object, MappedObject.Translation translation) {
    switch (object) {
      case MappedSingle single -> {
        records.translation(single.slot(), translation);
        single.translated(translation);
        pages.changed(single.slot());
      }
      case MappedList list -> {
        list.translation(translation);
        listStore.changed(list);
      }
    }
  }

  /**
   * Finds the range that an unmap or a free names, as {@code kernel/dma/debug.c
   * __hash_bucket_find()} does: an equal one, oldest first; else the only one that starts there;
   * several unequal ones are no match, see {@link #candidates()}.
   *
   * <p>Behind an IOMMU equal ones stand beside each other where an unmap is logged late and its
   * address was given out again. The page tables that the unmap removed are then those of the
   * newest that stood at that time.
   *
   * @param removedAt sequence of the page-table removal that belongs to the unmap, or {@link #NONE}
   * @return its slot, or {@link #NONE}
   */
  int matchStart(
      int device,
      MappingKind kind,
      DmaDirection direction,
      long dmaAddr,
      long sizeBytes,
      long removedAt) {
    int equal = NONE;
    endedAlike = NONE;
    index.equal(device, dmaAddr, sizeBytes, found.clear());
    for (int i = 0; i < found.size(); i++) {
      int slot = found.at(i);
      if (!records.live(slot)) {
        endedAlike = records.isEntry(slot) ? endedAlike : slot;
      } else if (records.kind(slot) == kind
          && sameDirection(records.direction(slot), direction)
          && (equal == NONE || isMeant(slot, equal, removedAt))) {
        equal = slot;
      }
    }
    matched = equal;
    if (equal != NONE) {
      candidates = 1;
      return equal;
    }
    index.atStart(device, dmaAddr, true, found.clear());
    candidates = found.size();
    return candidates == 1 ? found.at(0) : NONE;
  }

  private boolean isMeant(int slot, int other, long removedAt) {
    boolean stood = owners.sequence(slot) < removedAt;
    boolean otherStood = owners.sequence(other) < removedAt;
    if (stood != otherStood) {
      return stood;
    }
    return stood ? owners.older(other, slot) : owners.older(slot, other);
  }

  /** The end of the single mapping with the start and size that were asked for; or null. */
  EventHeader endOfAlike() {
    return endedAlike == NONE ? null : released.end(endedAlike);
  }

  /** The sequence of the oldest live range that starts at the address. */
  long oldestStartingAt(int device, long addr) {
    index.atStart(device, addr, true, found.clear());
    long oldest = Long.MAX_VALUE;
    for (int i = 0; i < found.size(); i++) {
      oldest = Math.min(oldest, owners.sequence(found.at(i)));
    }
    return oldest;
  }

  /** True where the last {@link #matchStart} found one of that size, kind and direction. */
  boolean matchedEqual() {
    return matched != NONE;
  }

  /** How many ranges the last {@link #matchStart} had to choose from where none was equal. */
  int candidates() {
    return candidates;
  }

  /** How many live ranges of the device start at the address. */
  int startingAt(int device, long addr) {
    index.atStart(device, addr, true, found.clear());
    return found.size();
  }

  /**
   * True where the unmap of so many bytes at the range's start gives an IOMMU's allocator back what
   * it handed out, in granules and whatever the mapping is taken for: page tables know no kinds.
   */
  boolean isWholeBlock(int slot, long sizeBytes, long granule) {
    return slot != NONE
        && lastGranule(records.addr(slot), sizeBytes, granule)
            == lastGranule(records.addr(slot), records.sizeBytes(slot), granule)
        && !(records.isEntry(slot) && listStore.at(records.list(slot)).rangeCount() > 1);
  }

  private static long lastGranule(long addr, long sizeBytes, long granule) {
    return Addresses.alignDown(Addresses.last(addr, Math.max(sizeBytes, 1)), granule);
  }

  long addr(int slot) {
    return records.addr(slot);
  }

  /** The object of a live range; a single mapping is valid until the next one is asked for. */
  MappedObject object(int slot) {
    return records.isEntry(slot) ? listStore.at(records.list(slot)) : show(slot);
  }

  /** The range in that slot as one of the object, which has to be its own. */
  Range rangeOf(MappedObject object, int slot) {
    return object.range(records.isEntry(slot) ? records.index(slot) : 0);
  }

  private MappedSingle show(int slot) {
    return current.show(slot, devices.at(records.device(slot)), null);
  }

  /** Ends all instances of an object whose unmap was evidently not recorded. */
  void retire(MappedObject object, EventHeader header) {
    while (!release(object, header)) {
      // One more instance was live.
    }
  }

  /** How many released objects the bounded memory has had to forget. */
  public long forgotten() {
    return released.forgotten();
  }

  /**
   * True where a range that starts there belongs to what was made at that sequence, and is live.
   */
  boolean isLive(int device, long dmaAddr, long sequence) {
    index.atStart(device, dmaAddr, true, found.clear());
    for (int i = 0; i < found.size(); i++) {
      if (owners.sequence(found.at(i)) == sequence) {
        return true;
      }
    }
    return false;
  }

  /**
   * Shows every live mapping to the visitor, in no order; what it is shown is valid inside the call
   * only.
   */
  void forEachLive(Consumer<MappedObject> visitor) {
    for (int slot = 0; slot < records.used(); slot++) {
      if (!records.isFree(slot) && records.live(slot) && !records.isEntry(slot)) {
        visitor.accept(show(slot));
      }
    }
    listStore.forEach(
        list -> {
          if (list.live()) {
            visitor.accept(list);
          }
        });
  }

  /** What lies where. */
  public RangeLookup ranges() {
    return ranges;
  }

  /** Which scatterlist has which memory. */
  ListLookup lists() {
    return listLookup;
  }

  ReleasedMemory released() {
    return released;
  }

  ListStore listStore() {
    return listStore;
  }

  RangeRecords records() {
    return records;
  }

  /** Hands out every page of single mappings that changed since the last call. */
  public void saveSingles(CaptureState.PageSink sink) {
    pages.saveChanges(released, sink);
  }

  /** Hands out every page of scatterlists that changed since the last call. */
  public void saveLists(CaptureState.PageSink sink) {
    listStore.saveChanges(sink);
  }

  public void restoreSingles(int page, byte[] image) {
    restored.addAll(pages.restore(page, image, devices));
  }

  public void restoreLists(int page, byte[] image) {
    listStore.restore(page, image, devices);
  }

  /** Puts the restored objects back into the indexes. */
  void restored(long forgottenBefore) {
    records.restored();
    List<Ended> ended = new ArrayList<>();
    for (SinglePages.Restored single : restored) {
      int slot = single.slot();
      if (single.released() != null) {
        ended.add(new Ended(single.released(), records.sequence(slot), slot, null));
      } else {
        index.add(slot);
        bounds.added(devices.at(records.device(slot)), records.kind(slot), 1);
      }
    }
    restored.clear();
    for (MappedList list : listStore.restored()) {
      if (list.live()) {
        restore(list);
      } else {
        ended.add(new Ended(list.released(), list.firstMapped().sequence(), NONE, list));
      }
    }
    ended.sort(BY_END);
    ended.forEach(this::restore);
    released.restoreForgotten(forgottenBefore);
  }

  private record Ended(EventHeader end, long mapped, int slot, MappedList list) {}

  private static final Comparator<Ended> BY_END =
      Comparator.comparingLong((Ended e) -> e.end.sequence()).thenComparingLong(Ended::mapped);

  private void restore(Ended ended) {
    if (ended.list == null) {
      released.restore(ended.slot, ended.end);
    } else {
      released.restore(ended.list);
    }
  }

  private void restore(MappedList list) {
    for (int i = 0; i < list.rangeCount(); i++) {
      if (list.entry(i) != NONE) {
        enter(list, i);
      }
    }
    if (!list.physAddrs().isEmpty()) {
      lists.add(list);
    }
    bounds.added(list.device(), MappingKind.SCATTER_GATHER, list.rangeCount());
  }

  /**
   * Ends the list that the unmap meant and brings back its twin, which was taken for it. Both had
   * one instance, so that the counts stay.
   *
   * @return the twin that lives on
   */
  MappedList exchange(MappedList meant, EventHeader unmapped) {
    MappedList twin = listLookup.endedTwin(meant, unmapped).revived();
    lists.add(twin);
    listStore.add(twin);
    for (int i = 0; i < twin.rangeCount(); i++) {
      enter(twin, i);
    }
    bounds.added(twin.device(), MappingKind.SCATTER_GATHER, twin.rangeCount());
    release(meant, unmapped);
    return twin;
  }

  private static boolean sameDirection(DmaDirection a, DmaDirection b) {
    return a == b || a == DmaDirection.UNKNOWN || b == DmaDirection.UNKNOWN;
  }

  private static void count(Device device, long sizeBytes) {
    device.maps++;
    device.mappedBytes += sizeBytes;
    device.liveMappings++;
    device.liveBytes += sizeBytes;
    device.changedSinceSummary = true;
  }
}
