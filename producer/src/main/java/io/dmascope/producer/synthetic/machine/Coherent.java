package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.Mapping;
import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.scatterlist.PhysList;

/**
 * Memory from {@code dma_alloc_*}.
 *
 * @param sizeBytes as asked; whole pages are mapped
 * @param cpuAddr kernel virtual address
 * @param pages the memory itself
 * @param mappedAt sequence of the event that told of it
 */
public record Coherent(
    DmaDevice device,
    AllocApi api,
    DmaDirection direction,
    long attrs,
    long dmaAddr,
    long sizeBytes,
    long cpuAddr,
    PhysList pages,
    Mapping mapping,
    long mappedAt) {}
