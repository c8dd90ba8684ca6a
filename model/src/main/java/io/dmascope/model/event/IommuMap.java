package io.dmascope.model.event;

/** {@code iommu:map}: page-table entries were made. Names neither the device nor the domain. */
public record IommuMap(EventHeader header, long iova, long physAddr, long sizeBytes)
    implements TraceEvent {}
