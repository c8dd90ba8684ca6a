package io.dmascope.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard error, with one line at its end that is drawn over: how far a command is. What anybody
 * else writes, wipes that line first, so that a warning does not stand behind half a progress bar.
 *
 * <p>Thread-safe: the bar, the command and the log have threads of their own.
 */
final class StandardError extends OutputStream {
  private final OutputStream out;

  /** Columns that are drawn. Guarded by this. */
  private int drawn;

  StandardError(OutputStream out) {
    this.out = out;
  }

  /**
   * Draws the line over the one before; an empty one only wipes it.
   *
   * @param line of characters that are a column wide
   */
  synchronized void draw(String line) {
    String rest = " ".repeat(Math.max(0, drawn - line.length()));
    try {
      out.write(
          ("\r" + line + rest + (line.isEmpty() ? "\r" : "")).getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      // Nobody is there to be told: that is what standard error is for.
    }
    drawn = line.length();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    if (drawn > 0) {
      draw("");
    }
    out.write(bytes, offset, length);
  }

  @Override
  public synchronized void flush() throws IOException {
    out.flush();
  }
}
