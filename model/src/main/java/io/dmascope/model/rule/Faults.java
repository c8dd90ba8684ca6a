package io.dmascope.model.rule;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.mapping.Transition;

/** What the fault rules share: how well the fault's place among the events is known. */
final class Faults {
  private Faults() {}

  /**
   * A doubt where the fault may have happened on the other side of that event; empty where it
   * cannot.
   */
  static String doubtOfTime(Transition t, EventHeader event) {
    if (t.timeErrorNs() == 0) {
      return "";
    }
    long distanceNs = t.header().timestampNs() - event.timestampNs();
    return distanceNs > t.timeErrorNs()
        ? ""
        : "the fault's time is known only from the kernel log, too coarsely to say which came first";
  }

  /** A span of event time in words. */
  static String ago(Transition t, EventHeader event) {
    long ns = t.header().timestampNs() - event.timestampNs();
    return "%d.%03d ms".formatted(ns / 1_000_000, Math.abs(ns / 1_000 % 1_000));
  }
}
