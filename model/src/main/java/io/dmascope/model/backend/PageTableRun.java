package io.dmascope.model.backend;

/**
 * One call of {@code iommu_map}, traced as one {@code iommu:map}: a physically contiguous run at
 * consecutive I/O virtual addresses, all three values multiples of the granule.
 */
public record PageTableRun(long iova, long physAddr, long sizeBytes) {}
