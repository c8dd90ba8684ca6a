package io.dmascope.producer.ingest.tracedat;

/**
 * The format of that kernel lacks a field that the event cannot do without, or has it in a shape
 * that cannot be read; carries only the reason.
 */
final class MissingFieldException extends Exception {
  private static final long serialVersionUID = 1L;

  MissingFieldException(String message) {
    super(message, null, false, false);
  }
}
