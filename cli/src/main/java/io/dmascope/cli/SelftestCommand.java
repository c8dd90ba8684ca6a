package io.dmascope.cli;

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
    footer = {"", "Exit status: 0 where every vector matches, 1 on any difference."})
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
    boolean passed = results.stream().allMatch(VectorFileResult::passed);
    return passed ? ExitCode.OK : ExitCode.FINDINGS;
  }

  private void print(VectorFileResult result) {
    terminal
        .out()
        .printf("%-32s %d of %d match%n", result.file(), result.matching(), result.vectors());
    result.differences().forEach(difference -> terminal.out().println("  " + difference));
    int more = result.vectors() - result.matching() - result.differences().size();
    if (more > 0) {
      terminal.out().printf("  and %d more%n", more);
    }
  }
}
