package io.dmascope.model.backend;

/**
 * When and where a call is made: the backend's only clock and its only idea of a processor.
 *
 * @param timestampNs of the capture's clock; does not go back on one backend
 * @param cpu 0-based
 */
public record Moment(long timestampNs, int cpu) {
  /** For a backend that is asked once and outside of time. */
  public static final Moment START = new Moment(0, 0);
}
