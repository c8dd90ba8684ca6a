package io.dmascope.producer.ingest;

import java.io.IOException;
import java.util.regex.Pattern;

/**
 * The input as a whole is of no use: no trace, a directory, unreadable. The message is one sentence
 * for the user, in which control characters that came from the input show as dots.
 */
public final class UnusableInputException extends IOException {
  private static final long serialVersionUID = 1L;

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  public UnusableInputException(String message) {
    super(plain(message));
  }

  public UnusableInputException(String message, Throwable cause) {
    super(plain(message), cause);
  }

  private static String plain(String message) {
    return CONTROL.matcher(message).replaceAll(".");
  }
}
