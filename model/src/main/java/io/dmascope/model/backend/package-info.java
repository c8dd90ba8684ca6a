/**
 * What {@code dma_map_*} returns for a given input and device, computed as the kernel computes it:
 * direct mapping, swiotlb, and an IOMMU in strict or lazy mode (kernel/dma/direct.c,
 * kernel/dma/swiotlb.c, drivers/iommu/dma-iommu.c, drivers/iommu/iova.c).
 *
 * <p>Everything here is deterministic: time and CPU come with the call.
 */
package io.dmascope.model.backend;
