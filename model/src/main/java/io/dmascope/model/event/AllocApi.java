package io.dmascope.model.event;

/** Which allocator a buffer came from. */
public enum AllocApi {
  /** {@code dma_alloc}, {@code dma_free}: coherent memory. */
  COHERENT,
  /** {@code dma_alloc_pages}, {@code dma_free_pages}: non-coherent memory. */
  PAGES
}
