package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.RelatedEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that a driver mapped or allocated: one single mapping, one scatterlist, one buffer.
 *
 * <p>Mappings of one device that agree in address, size, direction, kind and attributes cannot be
 * told apart, neither by the driver nor by the kernel; they are one object with several {@link
 * #instances()}.
 */
public final class MappedObject {
  private final Device device;
  private final MappingKind kind;
  private final DmaDirection direction;
  private final long attrs;
  private final long physAddr;
  private final int nents;
  private final int ents;
  private final U64List physAddrs;
  private final Range[] ranges;
  private final EventHeader firstMapped;
  private EventHeader lastMapped;
  private EventHeader released;
  private int instances = 1;
  private Translation translation = Translation.UNKNOWN;

  /** See {@link #knownSince()}. */
  private long knownSince;

  private boolean torn;

  /** The slot in the {@link ObjectStore}, or -1. */
  int slot = -1;

  /** Chain of the {@link SgIndex}. */
  MappedObject nextInIndex;

  /** Neighbours in an {@link AgeList}: among the live, later among the released. */
  MappedObject older;

  MappedObject newer;

  /** How the device's address came to be, as far as the capture shows. */
  public enum Translation {
    UNKNOWN,
    /** DMA address and physical address are the same. */
    DIRECT,
    /** A bounce buffer of swiotlb. */
    BOUNCED,
    /** {@code iommu:map} events of the same task made it. */
    IOMMU
  }

  private MappedObject(
      Device device,
      MappingKind kind,
      DmaDirection direction,
      long attrs,
      long physAddr,
      int nents,
      int ents,
      U64List physAddrs,
      int rangeCount,
      EventHeader mapped) {
    this.device = device;
    this.kind = kind;
    this.direction = direction;
    this.attrs = attrs;
    this.physAddr = physAddr;
    this.nents = nents;
    this.ents = ents;
    this.physAddrs = physAddrs;
    this.ranges = new Range[rangeCount];
    this.firstMapped = mapped;
    this.lastMapped = mapped;
    this.knownSince = mapped.sequence();
  }

  /** A single mapping or an allocation; {@code physAddr} is the CPU address for an allocation. */
  static MappedObject single(
      Device device,
      MappingKind kind,
      DmaDirection direction,
      long attrs,
      long dmaAddr,
      long sizeBytes,
      long physAddr,
      EventHeader mapped) {
    MappedObject object =
        new MappedObject(device, kind, direction, attrs, physAddr, 1, 1, U64List.EMPTY, 1, mapped);
    object.ranges[0] = new Range(object, 0, dmaAddr, sizeBytes);
    return object;
  }

  /** A scatterlist; only the traced entries have a range. */
  static MappedObject list(
      Device device,
      MappingKind kind,
      DmaDirection direction,
      long attrs,
      int nents,
      int ents,
      U64List physAddrs,
      U64List dmaAddrs,
      U64List lengths,
      EventHeader mapped) {
    int traced = Math.min(dmaAddrs.size(), lengths.size());
    MappedObject object =
        new MappedObject(
            device,
            kind,
            direction,
            attrs,
            physAddrs.isEmpty() ? 0 : physAddrs.at(0),
            nents,
            ents,
            physAddrs,
            traced,
            mapped);
    for (int i = 0; i < traced; i++) {
      object.ranges[i] = new Range(object, i, dmaAddrs.at(i), lengths.at(i));
    }
    return object;
  }

  public Device device() {
    return device;
  }

  public MappingKind kind() {
    return kind;
  }

  public DmaDirection direction() {
    return direction;
  }

  public long attrs() {
    return attrs;
  }

  /** Physical address of a mapping, first one of a scatterlist; CPU address of an allocation. */
  public long physAddr() {
    return physAddr;
  }

  /** Entries that the driver passed in; 1 but for scatterlists. */
  public int nents() {
    return nents;
  }

  /** Entries that came back; 1 but for scatterlists. */
  public int ents() {
    return ents;
  }

  /** The traced input entries of a scatterlist; empty for everything else. */
  public U64List physAddrs() {
    return physAddrs;
  }

  /** True where the event of a scatterlist left entries out. */
  public boolean truncated() {
    return ranges.length < ents || (kind == MappingKind.SCATTER_GATHER && physAddrs.size() < nents);
  }

  public int rangeCount() {
    return ranges.length;
  }

  public Range range(int index) {
    return ranges[index];
  }

  /** Address of the first range; 0 for a scatterlist of which no entry was traced. */
  public long dmaAddr() {
    return ranges.length == 0 ? 0 : ranges[0].addr;
  }

  /** Bytes of all traced ranges. */
  public long sizeBytes() {
    long sum = 0;
    for (Range range : ranges) {
      sum += range.sizeBytes;
    }
    return sum;
  }

  /**
   * The first of the events that made it; older than {@link #lastMapped()} where there are several
   * instances.
   */
  public EventHeader firstMapped() {
    return firstMapped;
  }

  public EventHeader lastMapped() {
    return lastMapped;
  }

  /** True where it was mapped more than once. */
  boolean remapped() {
    return !lastMapped.equals(firstMapped);
  }

  /**
   * The sequence since which what is known of this object must be complete for a verdict on it: its
   * birth, or that of an older object at its address that an unmap may have meant instead.
   */
  long knownSince() {
    return knownSince;
  }

  /** Takes over the doubts about an object that cannot be told from this one. */
  void confusedWith(MappedObject other) {
    knownSince = Math.min(knownSince, other.knownSince);
  }

  /**
   * True where a wrong unmap has ended part of it, so that its address may already belong to
   * somebody else.
   */
  public boolean torn() {
    return torn;
  }

  void tear() {
    torn = true;
  }

  /** How often it is mapped now. */
  public int instances() {
    return instances;
  }

  /** The event that ended it, or null while it lives. */
  public EventHeader released() {
    return released;
  }

  public boolean live() {
    return released == null;
  }

  public Translation translation() {
    return translation;
  }

  public void translation(Translation found) {
    translation = found;
  }

  /** Points at the event that mapped it, as evidence. */
  public RelatedEvent mappedHere() {
    return new RelatedEvent(
        kind == MappingKind.COHERENT
                || kind == MappingKind.NONCOHERENT
                || kind == MappingKind.NONCONTIGUOUS
            ? "allocated here"
            : "mapped here",
        EventRef.of(lastMapped));
  }

  /** Points at the event that ended it, as evidence. */
  public RelatedEvent releasedHere() {
    return new RelatedEvent("unmapped here", EventRef.of(released));
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

  /** Brings an object back as it was stored. */
  static final class Builder {
    private final Device device;
    private final MappingKind kind;
    private final DmaDirection direction;
    private final long attrs;
    private final long physAddr;
    private final int nents;
    private final int ents;
    private final U64List physAddrs;
    private final List<long[]> ranges = new ArrayList<>();
    private EventHeader firstMapped;
    private EventHeader lastMapped;
    private EventHeader released;
    private int instances;
    private Translation translation;
    private long knownSince;
    private boolean torn;

    Builder(
        Device device,
        MappingKind kind,
        DmaDirection direction,
        long attrs,
        long physAddr,
        int nents,
        int ents,
        U64List physAddrs) {
      this.device = device;
      this.kind = kind;
      this.direction = direction;
      this.attrs = attrs;
      this.physAddr = physAddr;
      this.nents = nents;
      this.ents = ents;
      this.physAddrs = physAddrs;
    }

    /** {@code last} is null where it is the first. */
    void mapped(EventHeader first, EventHeader last) {
      firstMapped = first;
      lastMapped = last == null ? first : last;
    }

    void state(int instances, Translation translation, EventHeader released) {
      this.instances = instances;
      this.translation = translation;
      this.released = released;
    }

    void standing(long since, boolean tornApart) {
      knownSince = since;
      torn = tornApart;
    }

    void range(long addr, long sizeBytes, boolean listed) {
      ranges.add(new long[] {addr, sizeBytes, listed ? 1 : 0});
    }

    /**
     * The ranges that stood in a table are marked {@link Range#listed}; linking them is the
     * caller's.
     */
    MappedObject build() {
      MappedObject object =
          new MappedObject(
              device,
              kind,
              direction,
              attrs,
              physAddr,
              nents,
              ents,
              physAddrs,
              ranges.size(),
              firstMapped);
      for (int i = 0; i < ranges.size(); i++) {
        long[] range = ranges.get(i);
        object.ranges[i] = new Range(object, i, range[0], range[1]);
        object.ranges[i].listed = range[2] != 0;
      }
      object.lastMapped = lastMapped;
      object.released = released;
      object.instances = instances;
      object.translation = translation;
      object.knownSince = knownSince;
      object.torn = torn;
      return object;
    }
  }
}
