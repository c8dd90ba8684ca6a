package io.dmascope.model.event;

/** The first event of every capture: what is known before anything is replayed. */
public record CaptureStart(EventHeader header, CaptureFacts facts) implements TraceEvent {}
