package io.dmascope.analytics.selftest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/** The lines of a file of vectors, none of them longer than {@link #LINE_CHARS_MAX}. */
final class VectorLines {
  /** A vector of thousands of entries has less; a file without line ends is no file of vectors. */
  static final int LINE_CHARS_MAX = 1 << 24;

  private final Reader reader;
  private long number;

  VectorLines(InputStream in) {
    this.reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /** Returns the next line without its end, or null behind the last. */
  String next() throws IOException {
    StringBuilder line = new StringBuilder();
    int c = reader.read();
    if (c < 0) {
      return null;
    }
    number++;
    for (; c >= 0 && c != '\n'; c = reader.read()) {
      if (line.length() == LINE_CHARS_MAX) {
        throw new IOException("line %d is longer than any vector".formatted(number));
      }
      line.append((char) c);
    }
    return line.toString();
  }

  /** 1-based number of the last line returned. */
  long number() {
    return number;
  }
}
