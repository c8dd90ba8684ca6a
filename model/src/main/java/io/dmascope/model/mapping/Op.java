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
  DMA_BUF,
  /** A per-CPU clock that ran backwards. */
  CLOCK
}
