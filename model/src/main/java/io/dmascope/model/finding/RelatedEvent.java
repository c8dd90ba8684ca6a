package io.dmascope.model.finding;

/**
 * Evidence: an earlier event that a violation conflicts with.
 *
 * @param what a short phrase, e.g. {@code mapped here}
 */
public record RelatedEvent(String what, EventRef at) {}
