package io.dmascope.model.event;

/**
 * A single mapping was ended, traced <em>after</em> the unmap was done: another CPU may have mapped
 * the address again before this event stands in the trace.
 */
public record DmaUnmap(
    EventHeader header,
    String device,
    MapApi api,
    DmaDirection direction,
    long dmaAddr,
    long sizeBytes,
    long attrs)
    implements TraceEvent {}
