package io.dmascope.model.whatif;

import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * A machine that the workload is replayed on. Limits that are empty are the device's own.
 *
 * @param maxSegmentSize of every device, 1 to 2^32 - 1
 * @param segmentBoundaryMask of every device, 2^n - 1
 * @param granule smallest IOMMU page in bytes: 4, 16 or 64 KiB
 */
public record Scenario(
    Backend backend,
    OptionalLong maxSegmentSize,
    OptionalLong segmentBoundaryMask,
    OptionalLong granule) {

  /** The mapping backends that can be asked for. */
  public enum Backend {
    DIRECT,
    SWIOTLB,
    IOMMU_STRICT,
    IOMMU_LAZY;

    /** The name users type: {@code iommu-strict}. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public Scenario {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(maxSegmentSize, "maxSegmentSize");
    Objects.requireNonNull(segmentBoundaryMask, "segmentBoundaryMask");
    Objects.requireNonNull(granule, "granule");
  }

  /** A backend with every limit as it is. */
  public static Scenario of(Backend backend) {
    return new Scenario(backend, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
  }

  public boolean isTranslated() {
    return backend == Backend.IOMMU_STRICT || backend == Backend.IOMMU_LAZY;
  }

  /** A short text: {@code iommu-strict max-seg=0x10000}. */
  public String label() {
    StringBuilder label = new StringBuilder(backend.label());
    maxSegmentSize.ifPresent(value -> append(label, "max-seg", value));
    segmentBoundaryMask.ifPresent(value -> append(label, "boundary", value));
    granule.ifPresent(value -> append(label, "granule", value));
    return label.toString();
  }

  private static void append(StringBuilder label, String name, long value) {
    label.append(' ').append(name).append("=0x").append(Long.toHexString(value));
  }
}
