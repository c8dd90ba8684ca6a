package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.MappingKind;
import java.util.Arrays;

/** A scatterlist as {@code dma_map_sg} returned it; only the traced entries have a range. */
final class MappedList extends MappedObject {
  private final Device device;
  private final DmaDirection direction;
  private final long attrs;
  private final int nents;
  private final int ents;
  private final U64List physAddrs;
  private final U64List dmaAddrs;
  private final U64List lengths;
  private final EventHeader firstMapped;
  private final long sizeBytes;

  /** The entries' slots in the {@link RangeRecords}; {@code NONE} for one that is in no table. */
  private final int[] slots;

  private EventHeader lastMapped;
  private EventHeader released;
  private int instances = 1;
  private Translation translation = Translation.UNKNOWN;
  private boolean torn;

  /** The slot in the {@link ListStore}, or -1. */
  int slot = -1;

  /** Neighbours in the chain of an {@link SgIndex}. */
  MappedList next;

  MappedList previous;

  /** Number in the {@link ReleasedMemory} once it ended. */
  int number;

  MappedList(
      Device device,
      DmaDirection direction,
      long attrs,
      int nents,
      int ents,
      U64List physAddrs,
      U64List dmaAddrs,
      U64List lengths,
      EventHeader mapped) {
    this.device = device;
    this.direction = direction;
    this.attrs = attrs;
    this.nents = nents;
    this.ents = ents;
    this.physAddrs = physAddrs;
    this.dmaAddrs = dmaAddrs;
    this.lengths = lengths;
    this.firstMapped = mapped;
    this.lastMapped = mapped;
    this.slots = new int[Math.min(dmaAddrs.size(), lengths.size())];
    Arrays.fill(slots, RangeRecords.NONE);
    long sum = 0;
    for (int i = 0; i < slots.length; i++) {
      sum += lengths.at(i);
    }
    this.sizeBytes = sum;
  }

  static MappedList of(Device device, DmaMapSg map) {
    return new MappedList(
        device,
        map.direction(),
        map.attrs(),
        map.fullNents(),
        map.fullEnts(),
        map.physAddrs(),
        map.dmaAddrs(),
        map.lengths(),
        map.header());
  }

  /** A live list as this one was before it ended. */
  MappedList revived() {
    MappedList list =
        new MappedList(
            device, direction, attrs, nents, ents, physAddrs, dmaAddrs, lengths, firstMapped);
    list.lastMapped = lastMapped;
    list.translation = translation;
    return list;
  }

  /**
   * True where an unmap may have meant either: one list of the memory as well as the other,
   * wherever they are mapped.
   */
  boolean isTwin(MappedList other) {
    return direction == other.direction
        && nents == other.nents
        && sizeBytes == other.sizeBytes
        && !torn
        && !other.torn
        && physAddrs.equals(other.physAddrs);
  }

  /** True where both came from calls that nobody could tell apart. */
  boolean isEqual(MappedList other) {
    if (direction != other.direction
        || attrs != other.attrs
        || slots.length != other.slots.length
        || !dmaAddrs.samePrefix(other.dmaAddrs, slots.length)
        || !lengths.samePrefix(other.lengths, slots.length)) {
      return false;
    }
    return whole();
  }

  /** True while no entry was ended by itself. */
  private boolean whole() {
    for (int entry : slots) {
      if (entry == RangeRecords.NONE) {
        return false;
      }
    }
    return true;
  }

  /** True where every entry was ended by itself. */
  boolean bare() {
    for (int entry : slots) {
      if (entry != RangeRecords.NONE) {
        return false;
      }
    }
    return true;
  }

  int entry(int index) {
    return slots[index];
  }

  void entry(int index, int entry) {
    slots[index] = entry;
  }

  long addr(int index) {
    return dmaAddrs.at(index);
  }

  long length(int index) {
    return lengths.at(index);
  }

  void mapAgain(EventHeader header) {
    instances++;
    lastMapped = header;
  }

  /** Ends one instance; true where none is left. */
  boolean unmapOnce(EventHeader header) {
    instances--;
    if (instances > 0) {
      return false;
    }
    released = header;
    return true;
  }

  void tear() {
    torn = true;
  }

  void translation(Translation found) {
    translation = found;
  }

  void save(StateWriter out) {
    out.u(device.id())
        .u(direction.ordinal())
        .u(attrs)
        .u(nents)
        .u(ents)
        .list(physAddrs)
        .list(dmaAddrs)
        .list(lengths)
        .header(firstMapped)
        .header(lastMapped.equals(firstMapped) ? null : lastMapped)
        .header(released)
        .u(instances)
        .u(translation.ordinal())
        .flag(torn);
    for (int entry : slots) {
      out.flag(live() && entry != RangeRecords.NONE);
    }
  }

  /**
   * Reads what {@link #save} wrote. A live list's entry that stood in a table has slot 0; whoever
   * restores puts it back.
   */
  static MappedList restore(StateReader in, DeviceTable devices) {
    MappedList list =
        new MappedList(
            devices.at(in.i()),
            DmaDirection.values()[in.i()],
            in.u(),
            in.i(),
            in.i(),
            in.list(),
            in.list(),
            in.list(),
            in.header());
    EventHeader last = in.header();
    list.lastMapped = last == null ? list.firstMapped : last;
    list.released = in.header();
    list.instances = in.i();
    list.translation = Translation.values()[in.i()];
    list.torn = in.flag();
    for (int i = 0; i < list.slots.length; i++) {
      list.slots[i] = in.flag() ? 0 : RangeRecords.NONE;
    }
    return list;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public MappingKind kind() {
    return MappingKind.SCATTER_GATHER;
  }

  @Override
  public DmaDirection direction() {
    return direction;
  }

  @Override
  public long attrs() {
    return attrs;
  }

  @Override
  public long physAddr() {
    return physAddrs.isEmpty() ? 0 : physAddrs.at(0);
  }

  @Override
  public int nents() {
    return nents;
  }

  @Override
  public int ents() {
    return ents;
  }

  @Override
  public U64List physAddrs() {
    return physAddrs;
  }

  @Override
  public int rangeCount() {
    return slots.length;
  }

  @Override
  public Range range(int index) {
    return new Range(this, index, dmaAddrs.at(index), lengths.at(index));
  }

  @Override
  public long dmaAddr() {
    return slots.length == 0 ? 0 : dmaAddrs.at(0);
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public EventHeader firstMapped() {
    return firstMapped;
  }

  @Override
  public EventHeader lastMapped() {
    return lastMapped;
  }

  @Override
  long lastSequence() {
    return lastMapped.sequence();
  }

  @Override
  long knownSince() {
    return firstMapped.sequence();
  }

  @Override
  public boolean torn() {
    return torn;
  }

  @Override
  public int instances() {
    return instances;
  }

  @Override
  public EventHeader released() {
    return released;
  }

  @Override
  public Translation translation() {
    return translation;
  }
}
