package io.dmascope.model.event;

/**
 * {@code dma_sync_single_for_cpu} or {@code _for_device}; silent on coherent devices that never
 * bounced.
 */
public record DmaSync(
    EventHeader header,
    String device,
    SyncTarget target,
    DmaDirection direction,
    long dmaAddr,
    long sizeBytes)
    implements TraceEvent {}
