package io.dmascope.cli;

import io.dmascope.analytics.report.Plain;
import io.dmascope.analytics.selftest.VectorFileResult;
import io.dmascope.analytics.selftest.VectorRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Holds the model to what the kernel's own functions computed. */
@Command(
    name = "selftest",
    mixinStandardHelpOptions = true,
    description = "Compare the model with golden vectors of the kernel's own functions.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every vector matches",
      "1:some do not",
      "2:a file holds no vectors that can be run, or the command line is wrong"
    },
    footer = {"", "Example: dmascope selftest --vectors ./vectors"})
final class SelftestCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--vectors",
      paramLabel = "DIR",
      description = "Vectors to run instead of those that ship with dmascope: *.jsonl, *.jsonl.gz.")
  private Path directory;

  SelftestCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    VectorRunner runner = new VectorRunner();
    List<VectorFileResult> results =
        directory == null ? runner.runShipped() : runner.runDirectory(directory);
    results.forEach(this::print);
    return status(results);
  }

  /** A difference is told first: whatever else was wrong, the model is not the kernel there. */
  private static int status(List<VectorFileResult> results) {
    if (results.stream().anyMatch(VectorFileResult::differs)) {
      return ExitCode.FINDINGS;
    }
    boolean passed = results.stream().allMatch(VectorFileResult::passed);
    return passed ? ExitCode.OK : ExitCode.UNUSABLE;
  }

  private void print(VectorFileResult result) {
    terminal
        .out()
        .printf(
            "%-32s %d of %d match%n", Plain.of(result.file()), result.matching(), result.vectors());
    result.differences().forEach(line -> terminal.out().println("  " + Plain.of(line)));
    result.notes().forEach(line -> terminal.out().println("  " + Plain.of(line)));
    result.trouble().ifPresent(why -> terminal.complain(Plain.of(result.file() + ": " + why)));
    int more = result.vectors() - result.matching() - result.differences().size();
    if (more > 0) {
      terminal.out().printf("  and %d more%n", more);
    }
  }
}
