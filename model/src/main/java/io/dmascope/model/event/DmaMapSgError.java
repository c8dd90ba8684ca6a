package io.dmascope.model.event;

/**
 * {@code dma_map_sg_err}: {@code dma_map_sg} failed with a code outside the expected ones. Its text
 * labels the list {@code dma_addrs}, but the values are physical addresses.
 *
 * @param error the negative errno, or 0
 */
public record DmaMapSgError(
    EventHeader header,
    String device,
    DmaDirection direction,
    U64List physAddrs,
    int error,
    long attrs)
    implements TraceEvent {}
