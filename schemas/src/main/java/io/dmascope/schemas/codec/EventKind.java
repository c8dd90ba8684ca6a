package io.dmascope.schemas.codec;

/** The branches of the union {@code EventChunk.events}, in the schema's order. */
enum EventKind {
  CAPTURE_START,
  CAPTURE_END,
  DMA_MAP,
  DMA_UNMAP,
  DMA_MAP_SG,
  DMA_MAP_SG_ERROR,
  DMA_UNMAP_SG,
  DMA_ALLOC,
  DMA_FREE,
  DMA_ALLOC_SGT,
  DMA_FREE_SGT,
  DMA_SYNC,
  DMA_SYNC_SG,
  IOMMU_MAP,
  IOMMU_UNMAP,
  IOMMU_GROUP_CHANGE,
  IOMMU_ATTACH,
  IO_PAGE_FAULT,
  SWIOTLB_BOUNCE,
  DMA_BUF_EVENT,
  EVENTS_LOST,
  MARKER,
  PROBE_EVENT
}
