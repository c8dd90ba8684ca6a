package io.dmascope.producer.ingest.tracedat;

/** A record's payload does not hold what its format promises; carries only the reason. */
final class BadPayloadException extends Exception {
  private static final long serialVersionUID = 1L;

  BadPayloadException(String message) {
    super(message, null, false, false); // a counted fact about the input: a stack would say nothing
  }
}
