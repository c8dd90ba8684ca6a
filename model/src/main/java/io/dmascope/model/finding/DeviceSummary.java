package io.dmascope.model.finding;

/**
 * How one device stands at a moment of event time; cumulative since the start of the capture.
 *
 * @param timestampNs event time of the summary
 * @param sequence last event it includes
 * @param liveMappings objects mapped now; a scatterlist counts once
 * @param liveBytes bytes mapped now
 * @param maps mappings and allocations made
 * @param unmaps mappings and allocations ended
 * @param mapFailures mappings that returned an error
 * @param mappedBytes bytes of all mappings made
 * @param bounces mappings that went through swiotlb
 * @param bouncedBytes bytes of those
 * @param sgEntriesIn scatterlist entries passed in
 * @param sgEntriesOut scatterlist entries that came back
 * @param violations findings about this device
 */
public record DeviceSummary(
    String device,
    long timestampNs,
    long sequence,
    long liveMappings,
    long liveBytes,
    long maps,
    long unmaps,
    long mapFailures,
    long mappedBytes,
    long bounces,
    long bouncedBytes,
    long sgEntriesIn,
    long sgEntriesOut,
    long violations) {}
