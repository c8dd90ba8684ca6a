package io.dmascope.model.predict;

import io.dmascope.model.backend.DeviceParameters;

/**
 * The parameters that a device's maps are predicted with, and where each comes from.
 *
 * @param parameters what the backend is given
 * @param maxSegmentSize where the value comes from
 * @param segmentBoundary likewise
 * @param minAlign likewise
 * @param dmaMask likewise
 */
public record DeviceFacts(
    DeviceParameters parameters,
    Source maxSegmentSize,
    Source segmentBoundary,
    Source minAlign,
    Source dmaMask) {

  /**
   * Where a value comes from.
   *
   * @param origin how sure it is
   * @param note what else would fit, for people; empty where there is nothing to say
   */
  public record Source(Origin origin, String note) {
    static final Source DEFAULT = new Source(Origin.DEFAULT, "");
  }

  /** How a parameter became known. */
  public enum Origin {
    /** Nothing tells: the kernel's default is used. */
    DEFAULT,
    /** The capture determines it. */
    INFERRED,
    /** An event prints it. */
    RECORDED,
    /** The rig's manifest or the user says so. */
    GIVEN
  }
}
