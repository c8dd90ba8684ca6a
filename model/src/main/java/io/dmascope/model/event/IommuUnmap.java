package io.dmascope.model.event;

/**
 * {@code iommu:unmap}: page-table entries were removed, before the IOTLB flush.
 *
 * @param unmappedBytes what was really mapped; less than {@code sizeBytes} means a hole
 */
public record IommuUnmap(EventHeader header, long iova, long sizeBytes, long unmappedBytes)
    implements TraceEvent {}
