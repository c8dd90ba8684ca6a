package io.dmascope.producer.synthetic.machine;

/** What stands between devices and memory, for the whole machine. */
public enum Backend {
  /** No IOMMU; what a device cannot address is bounced. */
  DIRECT,
  /** {@code swiotlb=force}: everything is bounced. */
  SWIOTLB,
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
}
