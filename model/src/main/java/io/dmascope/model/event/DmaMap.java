package io.dmascope.model.event;

/**
 * A single mapping was made: {@code dma_map_page}, {@code dma_map_resource} or {@code
 * dma_map_phys}, traced after the mapping (include/trace/events/dma.h).
 *
 * @param dmaAddr the result; {@link DmaAddress#ERROR} where the backend refused
 * @param sizeBytes as the caller asked, not rounded
 * @param physAddr the caller's physical address, not that of a bounce buffer
 */
public record DmaMap(
    EventHeader header,
    String device,
    MapApi api,
    DmaDirection direction,
    long dmaAddr,
    long sizeBytes,
    long physAddr,
    long attrs)
    implements TraceEvent {}
