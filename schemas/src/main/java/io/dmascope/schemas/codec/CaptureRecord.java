package io.dmascope.schemas.codec;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.RuleCoverage;

/** What the captures topic says about a capture: one record before its events, one after them. */
public sealed interface CaptureRecord {
  /** Names the capture. */
  String captureId();

  /** Published with the capture: what is known besides its events. */
  record Started(CaptureFacts facts) implements CaptureRecord {
    @Override
    public String captureId() {
      return facts.captureId();
    }
  }

  /**
   * Published by the engine once the capture was replayed to its end.
   *
   * @param lastSequence sequence of its last event
   */
  record Ended(String captureId, InputCounts input, RuleCoverage coverage, long lastSequence)
      implements CaptureRecord {}
}
