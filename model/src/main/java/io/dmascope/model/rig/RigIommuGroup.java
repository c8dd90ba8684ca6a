package io.dmascope.model.rig;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Devices that the IOMMU cannot tell apart, and that share one address space.
 *
 * @param id the kernel's number, unique within one boot
 * @param domainType of the default domain ({@code /sys/kernel/iommu_groups/ID/type})
 * @param reserved ranges where no IOVA is ever given out
 */
public record RigIommuGroup(int id, Optional<DomainType> domainType, List<Reserved> reserved) {

  public RigIommuGroup {
    Objects.requireNonNull(domainType, "domainType");
    reserved = List.copyOf(reserved);
  }

  /** What the default domain does with an address. */
  public enum DomainType {
    /** Passes addresses through: the device sees physical memory. */
    IDENTITY,
    /** Translates; an unmap flushes before it returns (strict). */
    DMA,
    /** Translates; flushes are deferred (lazy), so that a stale window stays open. */
    DMA_FQ,
    /** Refuses every access. */
    BLOCKED,
    /** Given to user space, or to a driver of its own. */
    UNMANAGED
  }

  /**
   * A range of {@code reserved_regions}.
   *
   * @param startAddr unsigned
   * @param lastAddr inclusive, unsigned
   * @param kind the kernel's word: {@code direct}, {@code reserved}, {@code msi}, …
   */
  public record Reserved(long startAddr, long lastAddr, String kind) {

    public Reserved {
      Objects.requireNonNull(kind, "kind");
    }
  }
}
