package io.dmascope.schemas.catalogue;

/**
 * What the events topic holds of a capture.
 *
 * @param events up to the last one that is there
 * @param sizeBytes of its records, as they were published, uncompressed
 * @param firstTimestampNs of the first event that is there, by the trace clock
 * @param lastTimestampNs of the last one
 */
public record RecordedSpan(
    long events, long sizeBytes, long firstTimestampNs, long lastTimestampNs) {}
