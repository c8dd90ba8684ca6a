package io.dmascope.model.finding;

/** How bad a broken rule is. */
public enum Severity {
  /** Risk of memory corruption or of a fault. */
  ERROR,
  /** A breach of the API's contract. */
  WARNING,
  /** Worth knowing: performance, policy, trace quality. */
  INFO
}
