package io.dmascope.producer.synthetic.machine;

/** What stands between devices and memory, for the whole machine. */
public enum Backend {
  /** No IOMMU; what a device cannot address is bounced. */
  DIRECT,
  /** {@code swiotlb=force}: everything is bounced. */
  SWIOTLB,
  /** An IOMMU that passes addresses through: groups, but no translation. */
  IDENTITY,
  /** An IOMMU whose unmaps wait for the invalidation. */
  STRICT,
  /** An IOMMU with flush queues. */
  LAZY;

  /** True where unmapped addresses stay reachable for a while. */
  public boolean isLazy() {
    return this == LAZY;
  }

  public boolean translates() {
    return this == STRICT || this == LAZY;
  }

  /** True where the machine has an IOMMU, which puts devices into groups. */
  public boolean hasGroups() {
    return translates() || this == IDENTITY;
  }

  /** What the kernel was told at boot. */
  String commandLine() {
    return switch (this) {
      case DIRECT -> "ro quiet iommu=off";
      case SWIOTLB -> "ro quiet iommu=off swiotlb=force";
      case IDENTITY -> "ro quiet iommu.passthrough=1";
      case STRICT -> "ro quiet iommu.strict=1";
      case LAZY -> "ro quiet iommu.strict=0";
    };
  }
}
