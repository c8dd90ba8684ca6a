package io.dmascope.model.finding;

/** Receives what the model concludes, in the order of the events that led to it. */
public interface ModelOutput {
  void violation(Violation violation);

  /** A mapping ended. Called for every object that had both ends in the capture. */
  default void lifecycle(MappingLifecycle lifecycle) {}

  /** Called per device at intervals of event time and at the end of the capture. */
  default void summary(DeviceSummary summary) {}

  /** Called once, at the end of the capture. */
  default void coverage(RuleCoverage coverage) {}
}
