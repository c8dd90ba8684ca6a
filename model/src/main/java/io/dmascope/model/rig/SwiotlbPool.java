package io.dmascope.model.rig;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * The boot-time bounce pool.
 *
 * @param startAddr physical, unsigned
 * @param lastAddr inclusive, unsigned
 * @param slots of 2048 bytes ({@code /sys/kernel/debug/swiotlb/io_tlb_nslabs})
 */
public record SwiotlbPool(OptionalLong startAddr, OptionalLong lastAddr, OptionalLong slots) {

  public SwiotlbPool {
    Objects.requireNonNull(startAddr, "startAddr");
    Objects.requireNonNull(lastAddr, "lastAddr");
    Objects.requireNonNull(slots, "slots");
  }
}
