package io.dmascope.schemas.codec;

/** The bytes of a record are not what its topic carries; the message says what was expected. */
public final class UndecodableRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  public UndecodableRecordException(String message) {
    super(message);
  }

  public UndecodableRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
