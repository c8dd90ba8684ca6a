package io.dmascope.model.event;

/**
 * One recorded fact. The set is closed: a switch over it without {@code default} breaks the build
 * when a kind is added.
 *
 * <p>Events are immutable and compare by value.
 */
public sealed interface TraceEvent
    permits CaptureStart,
        CaptureEnd,
        DmaMap,
        DmaUnmap,
        DmaMapSg,
        DmaMapSgError,
        DmaUnmapSg,
        DmaAlloc,
        DmaFree,
        DmaAllocSgt,
        DmaFreeSgt,
        DmaSync,
        DmaSyncSg,
        IommuMap,
        IommuUnmap,
        IommuGroupChange,
        IommuAttach,
        IoPageFault,
        SwiotlbBounce,
        DmaBufEvent,
        ProbeEvent,
        EventsLost,
        Marker {

  EventHeader header();
}
