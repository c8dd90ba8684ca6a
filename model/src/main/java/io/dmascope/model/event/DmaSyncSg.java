package io.dmascope.model.event;

/**
 * {@code dma_sync_sg_for_cpu} or {@code _for_device}. After a merge by an IOMMU the entries past
 * the mapped count read {@link DmaAddress#ERROR} with length 0: normal.
 *
 * @param lengths unsigned 32-bit values
 */
public record DmaSyncSg(
    EventHeader header,
    String device,
    SyncTarget target,
    DmaDirection direction,
    U64List dmaAddrs,
    U64List lengths)
    implements TraceEvent {}
