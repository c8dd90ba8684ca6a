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

  public boolean translates() {
    return this == STRICT || this == LAZY;
  }
}
