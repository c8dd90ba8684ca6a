package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A command in a process of its own, which signals can be sent to. */
record CommandProcess(Process process, Path out, Path err) implements AutoCloseable {
  /** Ten seconds are what UntilInterrupted allows at most; the rest is for a busy machine. */
  private static final int END_SECONDS_MAX = 30;

  enum Signal {
    INT,
    TERM
  }

  /**
   * Starts it.
   *
   * @param directory for what it says
   */
  static CommandProcess start(Path directory, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    if (isInterruptIgnored()) {
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(temporary(directory)));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(words));
    Path out = Files.createTempFile(directory, words[0], ".out");
    Path err = Files.createTempFile(directory, words[0], ".err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new CommandProcess(process, out, err);
  }

  /** As shells have it in the background; children would inherit it. */
  private static boolean isInterruptIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }
  }

  /** Where commands that were started in that directory put temporary files. */
  static Path temporary(Path directory) {
    return directory.resolve("tmp");
  }

  void feed(List<String> lines) throws IOException {
    process.outputWriter().append(String.join("\n", lines)).append('\n').flush();
  }

  /** Sends a signal and returns the exit status. */
  int end(Signal signal) throws Exception {
    new ProcessBuilder("kill", "-" + signal, "" + process.pid()).start().waitFor();
    assertThat(process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)).as("ends in time").isTrue();
    return process.exitValue();
  }

  String said() throws IOException {
    return Files.readString(out) + Files.readString(err);
  }

  /** Ends it at once where a test left it running. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
