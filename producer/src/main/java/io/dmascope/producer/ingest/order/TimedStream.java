package io.dmascope.producer.ingest.order;

/** A sequence of stamped records, one of which is the current one. */
public interface TimedStream {
  /** Moves to the next record; false at the end, after which the stream is asked nothing more. */
  boolean advance();

  /** The current record's stamp: unsigned, in the unit of the trace clock. */
  long stamp();
}
