package io.dmascope.model.mapping;

/** What an event does to the state; rules say which they look at. */
public enum Op {
  MAP,
  MAP_FAILED,
  UNMAP,
  MAP_SG,
  UNMAP_SG,
  ALLOC,
  FREE,
  SYNC,
  SYNC_SG,
  IOMMU_MAP,
  /** A page-table removal whose DMA event is known, or known not to come. */
  IOMMU_UNMAP,
  FAULT,
  /** A device left its IOMMU group, as its last sign, while others have its memory mapped. */
  DEVICE_GONE,
  DMA_BUF,
  /** The end of the capture; judged once for each site whose live set grows. */
  CAPTURE_END,
  /** A probe event; each such operation has the name of its kind. */
  DRIVER_BINDING,
  VIRTUAL_MAP,
  SG_TABLE,
  SG_READ,
  BIO,
  BLOCK_REQUEST,
  ATTACHMENT_CALL,
  BUFFER_ACCESS,
  RDMA_REGION,
  PAGE_ARRAY,
  NVME_COMMAND,
  IOVA_CALL,
  /** A per-CPU clock that ran backwards. */
  CLOCK
}
