package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.RelatedEvent;

/**
 * Something that a driver mapped or allocated: one single mapping, one scatterlist, one buffer.
 *
 * <p>Mappings of one device that agree in address, size, direction, kind and attributes cannot be
 * told apart, neither by the driver nor by the kernel; they are one object with several {@link
 * #instances()}.
 *
 * <p>Single mappings are many and live in a table; what a rule sees of one is a copy, valid while
 * the event is judged.
 */
public abstract sealed class MappedObject permits MappedSingle, MappedList {
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

  public abstract Device device();

  public abstract MappingKind kind();

  public abstract DmaDirection direction();

  public abstract long attrs();

  /** Physical address of a mapping, first one of a scatterlist; CPU address of an allocation. */
  public abstract long physAddr();

  /** Entries that the driver passed in; 1 but for scatterlists. */
  public abstract int nents();

  /** Entries that came back; 1 but for scatterlists. */
  public abstract int ents();

  /** The traced input entries of a scatterlist; empty for everything else. */
  public abstract U64List physAddrs();

  /** Traced ranges: 1 but for scatterlists. */
  public abstract int rangeCount();

  /** The range with that 0-based number. */
  public abstract Range range(int index);

  /** Address of the first range; 0 for a scatterlist of which no entry was traced. */
  public abstract long dmaAddr();

  /** Bytes of all traced ranges. */
  public abstract long sizeBytes();

  /**
   * The first of the events that made it; older than {@link #lastMapped()} where there are several
   * instances.
   */
  public abstract EventHeader firstMapped();

  public abstract EventHeader lastMapped();

  /** The sequence of {@link #lastMapped()}. */
  abstract long lastSequence();

  /**
   * The sequence since which what is known of this object must be complete for a verdict on it: its
   * birth, or that of an older object at its address that an unmap may have meant instead.
   */
  abstract long knownSince();

  /**
   * True where a wrong unmap has ended part of it, so that its address may already belong to
   * somebody else.
   */
  public abstract boolean torn();

  /** How often it is mapped now. */
  public abstract int instances();

  /** The event that ended it, or null while it lives. */
  public abstract EventHeader released();

  public abstract Translation translation();

  public final boolean live() {
    return released() == null;
  }

  /** True where the event of a scatterlist left entries out. */
  public final boolean truncated() {
    return rangeCount() < ents()
        || (kind() == MappingKind.SCATTER_GATHER && physAddrs().size() < nents());
  }

  /** Points at the event that mapped it, as evidence. */
  public final RelatedEvent mappedHere() {
    return switch (kind()) {
      case COHERENT, NONCOHERENT, NONCONTIGUOUS ->
          new RelatedEvent("allocated here", EventRef.of(lastMapped()));
      case SINGLE, RESOURCE, SCATTER_GATHER ->
          new RelatedEvent("mapped here", EventRef.of(lastMapped()));
    };
  }

  /** Points at the event that ended it, as evidence. */
  public final RelatedEvent releasedHere() {
    return new RelatedEvent("unmapped here", EventRef.of(released()));
  }
}
