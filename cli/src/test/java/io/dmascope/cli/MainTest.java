package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

final class MainTest {
  private final FakeTerminal shell = new FakeTerminal();

  @Test
  void help_listsTheCommandsAndSaysWhereToStart() {
    assertThat(shell.run("--help")).isZero();
    assertThat(shell.out()).contains("Commands:", "explain", "Start here:", "dmascope demo");
  }

  @Test
  void version_isTheBuilds() {
    assertThat(shell.run("--version")).isZero();
    assertThat(shell.out()).matches("(?s)dmascope \\d+\\.\\d+.*\nJava 25.*");
  }

  @Test
  void noCommand_asksForOne() {
    assertThat(shell.run()).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err())
        .isEqualTo("dmascope: Which command?\nTry 'dmascope --help' for what it takes.\n");
  }

  @Test
  void misspeltCommand_isCorrected() {
    assertThat(shell.run("explian")).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains("Unmatched argument", "Did you mean", "explain");
  }

  @Test
  void misspeltOption_isCorrected() {
    assertThat(shell.run("explain", "--hepl", "DMA-MAP-001")).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err())
        .contains("Unknown option: '--hepl'", "--help", "Try 'dmascope explain --help'");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommand_hasHelp(String command) {
    assertThat(shell.run(command, "--help")).isZero();
    assertThat(shell.out()).contains("Usage: dmascope " + command);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommand_isListedUnderItsOwnName(String command) {
    CommandLine alone = Main.commandLine(new FakeTerminal().terminal(), command);

    Object made = alone.getSubcommands().get(command).getCommand();
    assertThat(made.getClass().getAnnotation(CommandLine.Command.class).name()).isEqualTo(command);
  }

  /**
   * Lines are broken after a dot, too; a sentence begins with a capital, the rest of a name not.
   */
  @ParameterizedTest
  @MethodSource("commands")
  void help_breaksNoNameOfAFile(String command) {
    shell.run(command, "--help");

    assertThat(shell.out()).doesNotContainPattern("[./]\\n +[a-z0-9]");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandThatCanFail_saysWhatItsStatusMeans(String command) {
    shell.run(command, "--help");

    if (!List.of("rules", "help").contains(command)) {
      assertThat(shell.out()).contains("\nExit status:\n", "  0   ", "  2   ");
    }
  }

  static Iterable<String> commands() {
    return Main.commandLine(new FakeTerminal().terminal()).getSubcommands().keySet();
  }

  @Test
  void closedPipe_isSilent() {
    shell.withOutput(failing("Broken pipe"));

    assertThat(shell.run("--help")).isEqualTo(ExitCode.BROKEN_PIPE);
    assertThat(shell.err()).isEmpty();
  }

  @Test
  void fullDisk_isNotSilent() {
    shell.withOutput(failing("No space left on device"));

    assertThat(shell.run("--help")).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err())
        .isEqualTo("dmascope: cannot write the output: No space left on device\n");
  }

  private static OutputStream failing(String why) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(why);
      }
    };
  }
}
