package io.dmascope.model.event;

/** {@code iommu:attach_device_to_domain}; the domain is not named. */
public record IommuAttach(EventHeader header, String device) implements TraceEvent {}
