package io.dmascope.model.event;

/**
 * {@code swiotlb:swiotlb_bounced}, traced before a slot is sought, so also when bouncing then
 * fails.
 *
 * @param deviceAddr the address that would have been used without bouncing: on the direct path the
 *     DMA address of the original buffer, on the IOMMU path its physical address
 */
public record SwiotlbBounce(
    EventHeader header,
    String device,
    long dmaMask,
    long deviceAddr,
    long sizeBytes,
    boolean forced)
    implements TraceEvent {}
