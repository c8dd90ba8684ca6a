package io.dmascope.replay;

/** What an engine has done since it started; every number may be read from any thread. */
public interface ReplayMetrics {
  /** Events applied to a model. */
  long events();

  /** Records of the events topic that were taken in, good or not. */
  long records();

  /** Bytes of those, uncompressed. */
  long bytes();

  /** Events that had been applied before and were passed over. */
  long repeatedEvents();

  /** Events that never came, told to the model as lost. */
  long missingEvents();

  /** Records sent to quarantine. */
  long quarantined();

  /** Violations found. */
  long violations();

  /** Mappings that ended. */
  long mappings();

  /** Captures replayed to their end. */
  long capturesEnded();

  /** Captures that were not replayed to their end, because the model failed. */
  long capturesGivenUp();

  /** Captures in memory now. */
  long capturesOpen();

  /** Records written to the changelog. */
  long changelogRecords();

  /** Bytes of those. */
  long changelogBytes();
}
