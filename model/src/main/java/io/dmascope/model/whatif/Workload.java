package io.dmascope.model.whatif;

/**
 * What was replayed.
 *
 * @param maps calls whose input was known
 * @param lists those of them that were {@code dma_map_sg}
 * @param allocations of coherent memory; they take addresses and page tables, and no list
 * @param leftOut calls whose input was not known, or that failed in the recording
 * @param bytes mapped, over all calls
 * @param neverUnmapped mappings that the recording does not unmap
 */
public record Workload(
    long maps, long lists, long allocations, long leftOut, long bytes, long neverUnmapped) {}
