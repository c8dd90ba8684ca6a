package io.dmascope.model.finding;

/** Whether the recorded facts leave another explanation. */
public enum Confidence {
  /** No recorded or known circumstance explains this away. */
  CERTAIN,
  /** True unless what {@link Violation#because()} names is the explanation. */
  SUSPECT
}
