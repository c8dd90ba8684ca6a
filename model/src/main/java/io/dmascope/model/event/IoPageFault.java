package io.dmascope.model.event;

/**
 * A device touched an IOVA without translation: the {@code iommu:io_page_fault} tracepoint, or a
 * fault line of the kernel log placed in time.
 *
 * @param device may be {@code NULL} on arm-smmu v1/v2, or empty
 * @param driver empty where unknown
 * @param flags driver-specific; bit 0 set means a write with AMD
 * @param write true for a write, where {@code accessKnown}
 */
public record IoPageFault(
    EventHeader header,
    String device,
    String driver,
    long iova,
    int flags,
    boolean accessKnown,
    boolean write)
    implements TraceEvent {}
