package io.dmascope.cli;

/** What the process says to scripts. */
public final class ExitCode {
  /** Done; for {@code check}, nothing found. */
  public static final int OK = 0;

  /** {@code check} and {@code findings}: something was found. */
  public static final int FINDINGS = 1;

  /** The command line, the input or the surroundings are not usable. */
  public static final int UNUSABLE = 2;

  /** As a shell reports a process that SIGPIPE ended. */
  static final int BROKEN_PIPE = 128 + 13;

  private ExitCode() {}
}
