package io.dmascope.replay;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.finding.Violation;

/** Which of a capture's conclusions a run writes; the model concludes them all. */
public interface Conclusions {
  /** Writes everything. */
  Conclusions ALL =
      new Conclusions() {
        @Override
        public boolean wants(Violation violation) {
          return true;
        }

        @Override
        public boolean wantsAt(long timestampNs) {
          return true;
        }
      };

  /** Whether a finding is written. */
  boolean wants(Violation violation);

  /** Whether what was concluded at that moment of the trace clock is written. */
  boolean wantsAt(long timestampNs);

  /** Chooses for each capture. */
  @FunctionalInterface
  interface Choice {
    /** Everything of every capture. */
    Choice ALL = (_, _) -> Conclusions.ALL;

    /**
     * Chooses for one capture.
     *
     * @param firstTimestampNs of the capture's first recorded event that came, by its trace clock
     */
    Conclusions of(String captureId, long firstTimestampNs);

    /** What is taken for true of a capture in place of what was recorded. */
    default CaptureFacts assume(CaptureFacts recorded) {
      return recorded;
    }
  }
}
