package io.dmascope.schemas;

/**
 * Headers of a record in quarantine, as UTF-8 text. Key and value are as they came; a record
 * without value stands for events that never came.
 */
public final class QuarantineHeaders {
  /** One sentence with facts in brackets. */
  public static final String REASON = "dmascope.reason";

  /** Topic the record was read from. */
  public static final String TOPIC = "dmascope.topic";

  /** Partition the record was read from. */
  public static final String PARTITION = "dmascope.partition";

  /** Offset the record was read at; for missing events, of the record that showed the gap. */
  public static final String OFFSET = "dmascope.offset";

  private QuarantineHeaders() {}
}
