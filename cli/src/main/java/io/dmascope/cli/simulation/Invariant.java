package io.dmascope.cli.simulation;

/** What holds of every replay, whatever was recorded. */
enum Invariant {
  /** The model stands where the capture stands. */
  SEQUENCE_MONOTONIC,
  /** What is live is what was mapped less what was unmapped. */
  LIVE_IS_MAPS_LESS_UNMAPS,
  /** A plain live set that knows nothing of the model's tables holds as many ranges. */
  TWIN_AGREES,
  /** A model brought back from the store shows what the one shows that was stored. */
  STORE_VIEW_IS_MODEL_VIEW,
  /** Restarts change neither findings nor summaries. */
  RESTART_CHANGES_NOTHING
}
