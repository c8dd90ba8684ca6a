package io.dmascope.schemas.codec;

/** A conclusion of the model together with the capture that it is about. */
public record Captured<T>(String captureId, T value) {}
