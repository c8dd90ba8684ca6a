package io.dmascope.analytics.ignore;

/** An ignore file that cannot be read, in one sentence that begins with file and line. */
public final class IgnoreFileException extends Exception {
  private static final long serialVersionUID = 1L;

  IgnoreFileException(String file, int line, String sentence) {
    super("%s:%d: %s".formatted(file, line, sentence));
  }
}
