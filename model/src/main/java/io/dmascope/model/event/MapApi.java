package io.dmascope.model.event;

/**
 * Which tracepoint family reported a single mapping; {@code PHYS} replaced the other two in v6.18.
 */
public enum MapApi {
  /** {@code dma_map_page}, {@code dma_unmap_page}. */
  PAGE,
  /** {@code dma_map_resource}, {@code dma_unmap_resource}. */
  RESOURCE,
  /**
   * {@code dma_map_phys}, {@code dma_unmap_phys}; memory-mapped I/O only shows as {@link
   * DmaAttrs#MMIO}.
   */
  PHYS
}
