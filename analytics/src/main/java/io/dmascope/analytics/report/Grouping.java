package io.dmascope.analytics.report;

/** How violations are put together into findings, from finest to coarsest. */
public enum Grouping {
  /** Each occurrence is a finding of its own. */
  OCCURRENCE,
  /** Same rule, device, confidence and message up to its numbers: one finding. */
  CAUSE,
  /** Same rule and confidence. Only used where a capture has too many causes to hold. */
  RULE
}
