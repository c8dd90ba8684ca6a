package io.dmascope.producer.ingest;

import java.io.IOException;

/**
 * The input as a whole is of no use: no trace, a directory, unreadable. The message is one sentence
 * for the user.
 */
public final class UnusableInputException extends IOException {
  private static final long serialVersionUID = 1L;

  public UnusableInputException(String message) {
    super(message);
  }

  public UnusableInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
