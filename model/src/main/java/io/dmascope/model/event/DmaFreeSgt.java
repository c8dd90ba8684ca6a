package io.dmascope.model.event;

/**
 * {@code dma_free_sgt}, traced before {@code dma_free_noncontiguous} frees; carries no attributes.
 */
public record DmaFreeSgt(
    EventHeader header,
    String device,
    DmaDirection direction,
    long dmaAddr,
    long sizeBytes,
    U64List physAddrs)
    implements TraceEvent {}
