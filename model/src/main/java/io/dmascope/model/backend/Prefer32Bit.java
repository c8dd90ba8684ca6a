package io.dmascope.model.backend;

import java.util.OptionalLong;

/**
 * Whether a device is still given addresses below 4 GiB first ({@code
 * dev->iommu->pci_32bit_workaround}). The first time that fails it is over for good, and the kernel
 * says {@code Using %d-bit DMA addresses}.
 */
public final class Prefer32Bit {
  private static final long BELOW_4G = 0xffffffffL;

  private boolean active;

  /** Starts active for PCI devices unless {@code iommu.forcedac=1}. */
  public Prefer32Bit(boolean active) {
    this.active = active;
  }

  public boolean isActive() {
    return active;
  }

  /** Takes a block for the device at or below {@code limitAddr}. */
  public OptionalLong allocate(IovaSpace space, long sizeBytes, long limitAddr, Moment moment) {
    if (active && Long.compareUnsigned(limitAddr, BELOW_4G) > 0) {
      OptionalLong iova = space.allocate(sizeBytes, BELOW_4G, false, moment);
      if (iova.isPresent()) {
        return iova;
      }
      active = false;
    }
    return space.allocate(sizeBytes, limitAddr, true, moment);
  }
}
