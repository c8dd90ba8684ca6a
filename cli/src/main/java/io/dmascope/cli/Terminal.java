package io.dmascope.cli;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Where a command talks: standard streams, whether people read them, and the environment. */
public final class Terminal {
  private static final int OUT_BUFFER_BYTES = 64 * 1024;
  private static final int COLUMNS_UNLESS_TOLD = 80;

  private final InputStream in;
  private final StandardOutput standardOutput;
  private final StandardError standardError;
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean outIsTerminal;
  private final boolean errIsTerminal;
  private final Map<String, String> environment;

  Terminal(
      InputStream in,
      OutputStream out,
      OutputStream err,
      boolean outIsTerminal,
      boolean errIsTerminal,
      Map<String, String> environment) {
    this.in = in;
    this.standardOutput = new StandardOutput(out);
    this.out =
        new PrintWriter(
            new BufferedWriter(
                new OutputStreamWriter(standardOutput, StandardCharsets.UTF_8), OUT_BUFFER_BYTES));
    this.standardError = new StandardError(err);
    this.err = new PrintWriter(new OutputStreamWriter(standardError, StandardCharsets.UTF_8), true);
    this.outIsTerminal = outIsTerminal;
    this.errIsTerminal = errIsTerminal;
    this.environment = Map.copyOf(environment);
  }

  /**
   * The process's own. The launcher says which streams are terminals ({@code -Ddmascope.tty=12}):
   * Java can only tell whether all of them are.
   */
  static Terminal ofProcess() {
    String tty = System.getProperty("dmascope.tty", "");
    Terminal terminal =
        new Terminal(
            System.in,
            new FileOutputStream(FileDescriptor.out),
            new FileOutputStream(FileDescriptor.err),
            tty.contains("1"),
            tty.contains("2"),
            System.getenv());
    // The log writes there, too, and must not write behind a progress bar.
    System.setErr(new PrintStream(terminal.standardError, true, StandardCharsets.UTF_8));
    return terminal;
  }

  public InputStream in() {
    return in;
  }

  /** Standard output; buffered, flushed when the command ends. */
  public PrintWriter out() {
    return out;
  }

  /** Standard error; flushed line by line. */
  public PrintWriter err() {
    return err;
  }

  public boolean outIsTerminal() {
    return outIsTerminal;
  }

  public boolean errIsTerminal() {
    return errIsTerminal;
  }

  /** Draws a line on standard error over the one drawn before; an empty one only wipes that. */
  void draw(String line) {
    standardError.draw(line);
  }

  /** Returns the environment variable's value; empty where it is not set. */
  public String environment(String name) {
    return environment.getOrDefault(name, "");
  }

  /** Width of the terminal that shows {@code err}. */
  public int columns() {
    return Integer.getInteger("dmascope.columns", COLUMNS_UNLESS_TOLD);
  }

  /** True where {@code out} shows colours and nobody asked to have none (no-color.org). */
  public boolean wantsColour() {
    return outIsTerminal
        && environment("NO_COLOR").isEmpty()
        && !environment("TERM").equals("dumb");
  }

  /** Says one sentence about what is wrong. */
  public void complain(String sentence) {
    out.flush();
    err.println("dmascope: " + sentence);
  }

  /** True where nobody reads the output any more or it cannot be written: stop early. */
  boolean outIsBroken() {
    out.flush();
    return standardOutput.isBroken();
  }

  /** Writes what is buffered and returns the exit status, as {@link StandardOutput#status} does. */
  int finish(int status) {
    out.flush();
    err.flush();
    return standardOutput.status(status);
  }
}
