package io.dmascope.producer.ingest.text;

import java.io.IOException;

/**
 * The source of a capture ended before its time or is damaged from here on; what came before is
 * good. The message says so to the user.
 */
public final class TruncatedSourceException extends IOException {
  private static final long serialVersionUID = 1L;

  public TruncatedSourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
