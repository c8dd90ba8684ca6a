package io.dmascope.model.fault;

import java.util.List;
import java.util.Optional;

/**
 * What lies around an address.
 *
 * @param nearby ranges of the device, and of those that share its IOMMU group, in address order;
 *     the newest where several lie over each other
 * @param elsewhere a live mapping of another device at that address, of its IOMMU group first
 */
public record FaultSurroundings(List<FaultPiece> nearby, Optional<FaultPiece> elsewhere) {
  public FaultSurroundings {
    nearby = List.copyOf(nearby);
  }
}
