package io.dmascope.cli;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Standard output that keeps the first error: the writers on top of it swallow theirs, yet a full
 * disk must not look like success, and a closed pipe must not look like an error.
 */
final class StandardOutput extends OutputStream {
  private final OutputStream out;
  private IOException failure;

  StandardOutput(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    check();
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    check();
    out.flush();
  }

  private void check() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  boolean isBroken() {
    return failure != null;
  }

  /**
   * Returns what the process should say about the output: {@code status} where all was written,
   * {@link ExitCode#BROKEN_PIPE} where the reader went away.
   *
   * @throws CommandException where the output could not be written for another reason
   */
  int status(int status) {
    if (failure == null) {
      return status;
    }
    // Linux says "Broken pipe" (EPIPE) to whoever writes to a pipe that nobody reads.
    if (String.valueOf(failure.getMessage()).contains("Broken pipe")) {
      return ExitCode.BROKEN_PIPE;
    }
    throw new CommandException("cannot write the output: " + failure.getMessage(), failure);
  }
}
