package io.dmascope.model.predict;

/** The backend that a recorded map went through, told by the events around it. */
public enum BackendKind {
  /** The DMA address is the physical one, perhaps moved by a constant. */
  DIRECT,
  /** {@code swiotlb_bounced} came before it and no page table was written. */
  SWIOTLB,
  /** {@code iommu:map} came before it. */
  IOMMU,
  /** Both: a buffer bounced so that an untrusted device sees no more than it. */
  IOMMU_SWIOTLB,
  /** None of these: nothing can be predicted. */
  UNKNOWN
}
