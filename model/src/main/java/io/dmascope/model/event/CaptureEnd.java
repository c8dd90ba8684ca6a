package io.dmascope.model.event;

/**
 * The last event of every capture: nothing follows, and this is how the input was accounted for.
 */
public record CaptureEnd(EventHeader header, InputCounts input) implements TraceEvent {}
