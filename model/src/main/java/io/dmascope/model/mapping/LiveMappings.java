package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.MappingKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Everything that is mapped now, and the memory of what was mapped before: a multiset, since
 * without an IOMMU the same page may be mapped many times at one address.
 */
public final class LiveMappings {
  private final ObjectStore store = new ObjectStore();
  private final RangeTable singles = new RangeTable();
  private final RangeTable segments = new RangeTable();
  private final SgIndex lists = new SgIndex();
  private final ReleasedMemory released = new ReleasedMemory(store);
  private final RangeList found = new RangeList();
  private final LiveBounds bounds;

  public LiveMappings() {
    this(LiveBounds.LIVE_MAX);
  }

  /** {@code liveMax} is how many live objects are remembered. */
  LiveMappings(int liveMax) {
    bounds = new LiveBounds(liveMax);
  }

  /**
   * Adds a single mapping or an allocation, or one more instance of the same. Returns the object.
   */
  public MappedObject addSingle(
      Device device,
      MappingKind kind,
      DmaDirection direction,
      long attrs,
      long dmaAddr,
      long sizeBytes,
      long physAddr,
      EventHeader header) {
    count(device, sizeBytes);
    singles.atStart(device.id(), dmaAddr, found.clear());
    for (int i = 0; i < found.size(); i++) {
      MappedObject same = found.at(i).owner;
      if (found.at(i).sizeBytes == sizeBytes
          && same.kind() == kind
          && same.direction() == direction
          && same.attrs() == attrs
          && same.physAddr() == physAddr) {
        if (direction.deviceWrites() && same.physAddr() == dmaAddr) {
          device.aliasedSingles++;
        }
        mapAgain(same, header);
        return same;
      }
    }
    if (found.size() >= LiveBounds.SAME_START_MAX) {
      forget(oldestFound());
    }
    MappedObject object =
        MappedObject.single(device, kind, direction, attrs, dmaAddr, sizeBytes, physAddr, header);
    for (int i = 0; i < found.size(); i++) {
      object.confusedWith(found.at(i).owner);
    }
    store.add(object);
    singles.add(object.range(0));
    remember(object);
    return object;
  }

  /** Adds a scatterlist, or one more instance of the same. Returns the object. */
  public MappedObject addList(
      Device device,
      MappingKind kind,
      DmaDirection direction,
      long attrs,
      int nents,
      int ents,
      U64List physAddrs,
      U64List dmaAddrs,
      U64List lengths,
      EventHeader header) {
    MappedObject object =
        MappedObject.list(
            device, kind, direction, attrs, nents, ents, physAddrs, dmaAddrs, lengths, header);
    count(device, object.sizeBytes());
    if (!physAddrs.isEmpty()) {
      for (MappedObject same : lists.same(device.id(), physAddrs, nents)) {
        if (same.kind() == kind
            && same.direction() == direction
            && same.attrs() == attrs
            && sameRanges(same, object)) {
          mapAgain(same, header);
          return same;
        }
      }
      MappedObject crowded = lists.oldestOfCrowd(object, LiveBounds.SAME_FIRST_MAX);
      if (crowded != null) {
        forget(crowded);
      }
      lists.add(object);
    }
    store.add(object);
    for (int i = 0; i < object.rangeCount(); i++) {
      segments.add(object.range(i));
    }
    remember(object);
    return object;
  }

  private void mapAgain(MappedObject object, EventHeader header) {
    object.mapAgain(header);
    bounds.mappedAgain(object);
    store.changed(object);
  }

  private void remember(MappedObject object) {
    bounds.added(object);
    MappedObject excess = bounds.excess(object.device());
    if (excess != null) {
      forget(excess);
    }
  }

  /** Drops a live object as if it had never been made; what it leaves behind is doubt. */
  private void forget(MappedObject object) {
    Device device = object.device();
    device.forgotten += object.instances();
    device.liveMappings -= object.instances();
    device.liveBytes -= object.instances() * object.sizeBytes();
    unlink(object);
    store.remove(object);
  }

  /** Takes a live object out of every index. */
  private void unlink(MappedObject object) {
    RangeTable table = tableOf(object);
    for (int i = 0; i < object.rangeCount(); i++) {
      table.remove(object.range(i));
    }
    if (!object.physAddrs().isEmpty()) {
      lists.remove(object);
    }
    bounds.removed(object);
  }

  private MappedObject oldestFound() {
    MappedObject oldest = found.at(0).owner;
    for (int i = 1; i < found.size(); i++) {
      MappedObject other = found.at(i).owner;
      if (other.lastMapped().sequence() < oldest.lastMapped().sequence()) {
        oldest = other;
      }
    }
    return oldest;
  }

  private static boolean sameRanges(MappedObject a, MappedObject b) {
    if (a.rangeCount() != b.rangeCount()) {
      return false;
    }
    for (int i = 0; i < a.rangeCount(); i++) {
      Range x = a.range(i);
      if (!x.listed || x.addr != b.range(i).addr || x.sizeBytes != b.range(i).sizeBytes) {
        return false;
      }
    }
    return true;
  }

  /**
   * Ends one instance of the object.
   *
   * @return true where nothing of it is left, so that it is now remembered as released
   */
  public boolean release(MappedObject object, EventHeader header) {
    Device device = object.device();
    device.unmaps++;
    device.liveMappings--;
    device.liveBytes -= object.sizeBytes();
    device.changedSinceSummary = true;
    if (!object.unmapOnce(header)) {
      store.changed(object);
      return false;
    }
    unlink(object);
    store.changed(object);
    released.add(object);
    return true;
  }

  /**
   * Ends single entries of a scatterlist, as a wrong unmap does; the object ends with its last
   * entry.
   */
  public boolean releaseEntries(MappedObject list, int fromIndex, int toIndex, EventHeader header) {
    if (list.instances() > 1 || list.rangeCount() <= 1) {
      return release(list, header);
    }
    for (int i = fromIndex; i < Math.min(toIndex, list.rangeCount()); i++) {
      segments.remove(list.range(i));
    }
    tear(list);
    for (int i = 0; i < list.rangeCount(); i++) {
      if (list.range(i).listed) {
        return false;
      }
    }
    return release(list, header);
  }

  /** Notes that a wrong unmap has ended part of the object. */
  public void tear(MappedObject object) {
    object.tear();
    store.changed(object);
  }

  /**
   * Finds the object that an unmap or a free names, as {@code kernel/dma/debug.c
   * __hash_bucket_find()} does: an equal one, oldest first; else the only one that starts there;
   * several unequal ones are no match.
   */
  public Match matchStart(
      int device, MappingKind kind, DmaDirection direction, long dmaAddr, long sizeBytes) {
    singles.atStart(device, dmaAddr, found.clear());
    segments.atStart(device, dmaAddr, found);
    Range equal = null;
    Range only = null;
    for (int i = 0; i < found.size(); i++) {
      Range range = found.at(i);
      MappedObject owner = range.owner;
      only = range;
      if (range.sizeBytes == sizeBytes
          && owner.kind() == kind
          && sameDirection(owner.direction(), direction)
          && (equal == null || older(range, equal))) {
        equal = range;
      }
    }
    if (equal != null) {
      return new Match(equal, found.size());
    }
    return new Match(found.size() == 1 ? only : null, found.size());
  }

  /**
   * Finds the scatterlist with these entries: the same direction if there is one, the oldest among
   * equals; or null.
   */
  public MappedObject matchList(int device, DmaDirection direction, U64List physAddrs) {
    return choose(lists.same(device, physAddrs, physAddrs.size()), direction);
  }

  /**
   * Finds a live scatterlist of which the given one is the beginning, or the other way round; or
   * null.
   */
  public MappedObject matchListBeginning(int device, DmaDirection direction, U64List physAddrs) {
    return choose(lists.beginningAlike(device, physAddrs), direction);
  }

  /** Finds the scatterlist with these entries that ended last, or null. */
  public MappedObject releasedList(int device, U64List physAddrs) {
    MappedObject latest = null;
    for (MappedObject list : released.lists().beginningAlike(device, physAddrs)) {
      if (latest == null || ReleasedMemory.BY_END.compare(list, latest) > 0) {
        latest = list;
      }
    }
    return latest;
  }

  /** What a start address was matched with. */
  public record Match(Range range, int candidates) {}

  /**
   * Finds the live range around the bytes that fits best: the direction's own, then the smallest,
   * then the oldest.
   */
  public Range containing(int device, DmaDirection direction, long first, long last) {
    singles.containing(device, first, last, found.clear());
    segments.containing(device, first, last, found);
    Range best = null;
    for (int i = 0; i < found.size(); i++) {
      Range range = found.at(i);
      if (best == null || fitsBetter(range, best, direction)) {
        best = range;
      }
    }
    return best;
  }

  private static boolean fitsBetter(Range a, Range b, DmaDirection direction) {
    boolean aDirection = serves(a.owner.direction(), direction);
    boolean bDirection = serves(b.owner.direction(), direction);
    if (aDirection != bDirection) {
      return aDirection;
    }
    int bySize = Long.compareUnsigned(a.sizeBytes, b.sizeBytes);
    return bySize != 0 ? bySize < 0 : older(a, b);
  }

  private static boolean serves(DmaDirection mapped, DmaDirection used) {
    return mapped == used || mapped == DmaDirection.BIDIRECTIONAL;
  }

  /** The oldest live range that shares a byte and does not belong to {@code except}, or null. */
  public Range overlapping(int device, long first, long last, MappedObject except) {
    singles.overlapping(device, first, last, found.clear());
    segments.overlapping(device, first, last, found);
    Range oldest = null;
    for (int i = 0; i < found.size(); i++) {
      Range range = found.at(i);
      if (range.owner != except && (oldest == null || older(range, oldest))) {
        oldest = range;
      }
    }
    return oldest;
  }

  /** The live ranges of other objects that share bytes with the range, oldest first. */
  List<Range> overlaps(Range range) {
    int device = range.owner.device().id();
    singles.overlapping(device, range.addr, range.lastAddr(), found.clear());
    segments.overlapping(device, range.addr, range.lastAddr(), found);
    if (found.size() <= 1) {
      return List.of();
    }
    List<Range> others = new ArrayList<>(found.size());
    for (int i = 0; i < found.size(); i++) {
      if (found.at(i).owner != range.owner) {
        others.add(found.at(i));
      }
    }
    others.sort((a, b) -> older(a, b) ? -1 : 1);
    return others;
  }

  /** Ends all instances of an object whose unmap was evidently not recorded. */
  void retire(MappedObject object, EventHeader header) {
    while (!release(object, header)) {
      // One more instance was live.
    }
  }

  /** The released range around the byte that ended last, or null. */
  public Range formerly(int device, long addr) {
    released.ranges().overlapping(device, addr, addr, found.clear());
    return endedLast();
  }

  /** The live range that shares a byte with the given ones and fits best, or null. */
  Range touching(int device, DmaDirection direction, long first, long last) {
    collectLive(device, first, last);
    Range best = null;
    for (int i = 0; i < found.size(); i++) {
      Range range = found.at(i);
      if (best == null || fitsBetter(range, best, direction)) {
        best = range;
      }
    }
    return best;
  }

  /** The released range that shares a byte with the given ones and ended last, or null. */
  Range formerlyTouching(int device, long first, long last) {
    released.ranges().overlapping(device, first, last, found.clear());
    return endedLast();
  }

  /** The live range that ends closest before the address, but not before {@code from}; or null. */
  Range endingBefore(int device, long from, long addr) {
    if (Long.compareUnsigned(from, addr) >= 0) {
      return null;
    }
    collectLive(device, from, addr - 1);
    Range closest = null;
    for (int i = 0; i < found.size(); i++) {
      Range range = found.at(i);
      if (Long.compareUnsigned(range.lastAddr(), addr) < 0
          && (closest == null || endsLater(range, closest))) {
        closest = range;
      }
    }
    return closest;
  }

  /** Of ranges that end at one byte the younger is the likelier to be in use. */
  private static boolean endsLater(Range a, Range b) {
    int byEnd = Long.compareUnsigned(a.lastAddr(), b.lastAddr());
    return byEnd != 0 ? byEnd > 0 : older(b, a);
  }

  /** Every range, live or released, that shares a byte with the given ones; in no order. */
  public List<Range> around(int device, long first, long last) {
    collectLive(device, first, last);
    released.ranges().overlapping(device, first, last, found);
    List<Range> all = new ArrayList<>(found.size());
    for (int i = 0; i < found.size(); i++) {
      all.add(found.at(i));
    }
    return all;
  }

  private void collectLive(int device, long first, long last) {
    singles.overlapping(device, first, last, found.clear());
    segments.overlapping(device, first, last, found);
  }

  private Range endedLast() {
    Range latest = null;
    for (int i = 0; i < found.size(); i++) {
      Range range = found.at(i);
      if (latest == null
          || ReleasedMemory.BY_END.compare(range.owner, latest.owner) > 0
          || (range.owner == latest.owner && range.index < latest.index)) {
        latest = range;
      }
    }
    return latest;
  }

  /** How many released objects the bounded memory has had to forget. */
  public long forgotten() {
    return released.forgotten();
  }

  /** All live ranges by device, address and age; an object with several instances appears once. */
  public List<Range> liveRanges() {
    List<Range> all = new ArrayList<>(singles.sorted());
    all.addAll(segments.sorted());
    return all;
  }

  /** Notes that a field of the object changed. */
  public void changed(MappedObject object) {
    store.changed(object);
  }

  ObjectStore store() {
    return store;
  }

  ReleasedMemory released() {
    return released;
  }

  /** Puts the restored objects back into the indexes. */
  void restored(long forgottenBefore) {
    List<MappedObject> ended = new ArrayList<>();
    List<MappedObject> live = new ArrayList<>();
    for (MappedObject object : store.restored()) {
      if (!object.live()) {
        ended.add(unlist(object));
        continue;
      }
      RangeTable table = tableOf(object);
      for (int i = 0; i < object.rangeCount(); i++) {
        if (object.range(i).listed) {
          table.add(object.range(i));
        }
      }
      if (!object.physAddrs().isEmpty()) {
        lists.add(object);
      }
      live.add(object);
    }
    live.sort(Comparator.comparingLong(object -> object.lastMapped().sequence()));
    live.forEach(bounds::added);
    released.restore(ended, forgottenBefore);
  }

  private static MappedObject unlist(MappedObject object) {
    for (int i = 0; i < object.rangeCount(); i++) {
      object.range(i).listed = false;
    }
    return object;
  }

  private RangeTable tableOf(MappedObject object) {
    return isList(object.kind()) ? segments : singles;
  }

  private static boolean isList(MappingKind kind) {
    return kind == MappingKind.SCATTER_GATHER;
  }

  private static MappedObject choose(List<MappedObject> candidates, DmaDirection direction) {
    MappedObject best = null;
    for (MappedObject list : candidates) {
      if (best == null || better(list, best, direction)) {
        best = list;
      }
    }
    return best;
  }

  private static boolean better(MappedObject a, MappedObject b, DmaDirection direction) {
    boolean aDirection = a.direction() == direction;
    boolean bDirection = b.direction() == direction;
    if (aDirection != bDirection) {
      return aDirection;
    }
    return a.firstMapped().sequence() < b.firstMapped().sequence();
  }

  private static boolean older(Range a, Range b) {
    long byAge = a.owner.firstMapped().sequence() - b.owner.firstMapped().sequence();
    return byAge != 0 ? byAge < 0 : a.index < b.index;
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
