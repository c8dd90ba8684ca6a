package io.dmascope.producer.ingest.tracedat;

import io.dmascope.model.event.TraceIssue;

/** A structure of the file contradicts itself or ends too early; what else there is can be read. */
final class DamagedFileException extends Exception {
  private static final long serialVersionUID = 1L;

  private final TraceIssue.Kind kind;
  private final long place;

  DamagedFileException(TraceIssue.Kind kind, long place, String message) {
    super(message, null, false, false);
    this.kind = kind;
    this.place = place;
  }

  TraceIssue issue() {
    return new TraceIssue(kind, place, getMessage(), "");
  }
}
