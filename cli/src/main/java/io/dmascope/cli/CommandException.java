package io.dmascope.cli;

/** Ends a command with one sentence for the user and {@link ExitCode#UNUSABLE}. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CommandException(String message) {
    super(message);
  }

  public CommandException(String message, Throwable cause) {
    super(message, cause);
  }
}
