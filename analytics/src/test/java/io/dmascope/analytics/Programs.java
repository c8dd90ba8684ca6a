package io.dmascope.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the machine that some tests need. */
final class Programs {
  private Programs() {}

  static void assumeInstalled(String program, String debianPackage) {
    String reason =
        "skipped, because there is no %s on the PATH (Debian: apt-get install %s)"
            .formatted(program, debianPackage);
    boolean installed = isInstalled(program);
    if (!installed) {
      System.out.println(reason);
    }
    assumeTrue(installed, reason);
  }

  private static boolean isInstalled(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(directory -> Path.of(directory, program).toFile().canExecute());
  }

  /** Runs to the end and asserts that the program was content. */
  static void assertContent(Path directory, String... command)
      throws IOException, InterruptedException {
    assertContent(start(directory, Arrays.asList(command)));
  }

  /** The same, with a file as its standard input. */
  static void assertContentWith(Path input, String... command)
      throws IOException, InterruptedException {
    assertContent(
        new ProcessBuilder(command)
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .start());
  }

  private static void assertContent(Process process) throws IOException, InterruptedException {
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }

  static int exitOf(Path directory, String... command) throws IOException, InterruptedException {
    Process process = start(directory, Arrays.asList(command));
    process.getInputStream().readAllBytes();
    return process.waitFor();
  }

  private static Process start(Path directory, List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .start();
  }
}
