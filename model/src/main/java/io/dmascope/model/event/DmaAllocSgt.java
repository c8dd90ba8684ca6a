package io.dmascope.model.event;

/**
 * {@code dma_alloc_sgt} or {@code dma_alloc_sgt_err}: {@code dma_alloc_noncontiguous} gave one DMA
 * range, or nothing.
 *
 * @param physAddrs one address per CPU-side entry; empty on failure
 */
public record DmaAllocSgt(
    EventHeader header,
    String device,
    DmaDirection direction,
    long dmaAddr,
    long sizeBytes,
    U64List physAddrs,
    boolean failed,
    String gfpFlags,
    long attrs)
    implements TraceEvent {}
