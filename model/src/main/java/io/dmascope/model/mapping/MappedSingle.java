package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.MappingKind;

/* hot path */
/**
 * What is seen of a single mapping or an allocation: its record of the table at the time of {@link
 * #show}, so that it may change or go there meanwhile.
 */
final class MappedSingle extends MappedObject {
  private final RangeRecords records;
  private int slot;
  private Device device;
  private MappingKind kind;
  private DmaDirection direction;
  private long attrs;
  private long addr;
  private long sizeBytes;
  private long physAddr;
  private int instances;
  private Translation translation;
  private long knownSince;
  private boolean torn;
  private EventHeader firstMapped;
  private EventHeader lastMapped;
  private EventHeader released;

  MappedSingle(RangeRecords records) {
    this.records = records;
  }

  /**
   * Shows another record.
   *
   * @param released the event that ended it, or null
   */
  MappedSingle show(int shown, Device of, EventHeader released) {
    slot = shown;
    device = of;
    kind = records.kind(slot);
    direction = records.direction(slot);
    attrs = records.attrs(slot);
    addr = records.addr(slot);
    sizeBytes = records.sizeBytes(slot);
    physAddr = records.physAddr(slot);
    instances = records.instances(slot);
    translation = records.translation(slot);
    knownSince = records.knownSince(slot);
    torn = records.torn(slot);
    firstMapped = null;
    lastMapped = null;
    this.released = released;
    return this;
  }

  /** Notes what {@link LiveMappings} has done to the record since. */
  void ended(int instancesLeft, EventHeader at) {
    instances = instancesLeft;
    released = at;
  }

  void translated(Translation found) {
    translation = found;
  }

  int slot() {
    return slot;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public MappingKind kind() {
    return kind;
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
    return physAddr;
  }

  @Override
  public int nents() {
    return 1;
  }

  @Override
  public int ents() {
    return 1;
  }

  @Override
  public U64List physAddrs() {
    return U64List.EMPTY;
  }

  @Override
  public int rangeCount() {
    return 1;
  }

  @Override
  public Range range(int index) {
    return new Range(this, index, addr, sizeBytes);
  }

  @Override
  public long dmaAddr() {
    return addr;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public EventHeader firstMapped() {
    if (firstMapped == null) {
      firstMapped = records.firstMapped(slot);
    }
    return firstMapped;
  }

  @Override
  public EventHeader lastMapped() {
    if (lastMapped == null) {
      EventHeader last = records.lastMapped(slot);
      lastMapped = last == null ? firstMapped() : last;
    }
    return lastMapped;
  }

  @Override
  long lastSequence() {
    return lastMapped == null ? records.lastSequence(slot) : lastMapped.sequence();
  }

  @Override
  long knownSince() {
    return knownSince;
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
