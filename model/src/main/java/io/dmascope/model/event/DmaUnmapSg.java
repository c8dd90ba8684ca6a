package io.dmascope.model.event;

/**
 * {@code dma_unmap_sg}, traced before the unmap. Carries the physical addresses of the entries as
 * passed by the unmapper, neither DMA addresses nor lengths, and is never truncated.
 */
public record DmaUnmapSg(
    EventHeader header, String device, DmaDirection direction, U64List physAddrs, long attrs)
    implements TraceEvent {}
