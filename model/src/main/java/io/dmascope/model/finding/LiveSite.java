package io.dmascope.model.finding;

import io.dmascope.model.event.DmaDirection;

/**
 * Live mappings of one kind, direction and size class of one device: what one piece of a driver is
 * likely to have mapped.
 *
 * @param sizeClass power of two: sizes over half of it up to itself
 * @param count live mappings; equal ones count each
 * @param bytes of all of them
 * @param oldest where the oldest was mapped
 * @param newest where the newest was mapped
 */
public record LiveSite(
    String device,
    MappingKind kind,
    DmaDirection direction,
    long sizeClass,
    long count,
    long bytes,
    EventRef oldest,
    EventRef newest) {}
