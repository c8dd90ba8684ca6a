package io.dmascope.model.event;

/** Free text that user space wrote into the trace ({@code tracing_mark_write}). */
public record Marker(EventHeader header, String text) implements TraceEvent {}
