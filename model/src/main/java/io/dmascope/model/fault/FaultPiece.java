package io.dmascope.model.fault;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Range;
import java.util.Optional;

/**
 * A mapped range as it was when somebody asked: a whole single mapping, or one entry of a
 * scatterlist.
 *
 * @param instances how many equal mappings are live; 0 for an ended one
 * @param entries output entries of its scatterlist; 1 for everything else
 * @param mapped the event that mapped it last
 * @param ended the event that ended it; empty while it is live
 */
public record FaultPiece(
    String device,
    MappingKind kind,
    DmaDirection direction,
    long addr,
    long sizeBytes,
    int instances,
    int entries,
    EventRef mapped,
    Optional<EventRef> ended) {

  static FaultPiece of(Range range) {
    MappedObject owner = range.owner();
    return new FaultPiece(
        owner.device().name(),
        owner.kind(),
        owner.direction(),
        range.addr(),
        range.sizeBytes(),
        owner.live() ? owner.instances() : 0,
        owner.ents(),
        EventRef.of(owner.lastMapped()),
        owner.live() ? Optional.empty() : Optional.of(EventRef.of(owner.released())));
  }

  public boolean live() {
    return ended.isEmpty();
  }

  /** Last byte, unsigned. */
  public long lastAddr() {
    return Addresses.last(addr, sizeBytes);
  }

  /** Where the event that decides its present state stands: its end, or its mapping. */
  public EventRef latest() {
    return ended.orElse(mapped);
  }

  boolean overlaps(FaultPiece other) {
    return Long.compareUnsigned(addr, other.lastAddr()) <= 0
        && Long.compareUnsigned(other.addr, lastAddr()) <= 0;
  }

  /** True where it has a byte in the IOMMU page of the address. */
  public boolean touchesPageOf(long iova) {
    long page = Addresses.alignDown(iova, Addresses.IOMMU_GRANULE);
    return Long.compareUnsigned(addr, page + Addresses.IOMMU_GRANULE - 1) <= 0
        && Long.compareUnsigned(page, lastAddr()) <= 0;
  }
}
