package io.dmascope.model.event;

/**
 * {@code iommu:add_device_to_group} or {@code remove_device_from_group}; devices of a group share
 * one IOVA space.
 */
public record IommuGroupChange(EventHeader header, int groupId, String device, boolean added)
    implements TraceEvent {}
