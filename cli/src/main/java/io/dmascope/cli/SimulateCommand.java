package io.dmascope.cli;

import io.dmascope.cli.simulation.SimulationReport;
import io.dmascope.producer.synthetic.profile.Profile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Hunts for mistakes of the model and its rules. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description =
        "Make up captures with known faults and hold the findings against the truth, seed by seed.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every seed gave exactly what was injected",
      "1:a seed failed; how to repeat it is said",
      "2:the command line is wrong"
    },
    footer = {
      "",
      "Examples:",
      "  dmascope simulate --seeds 1000",
      "  dmascope simulate --seed 4711 --seeds 1 --profile nvme"
    })
final class SimulateCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many seeds. Default: 100.")
  private int seeds;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The first seed. Default: 1.")
  private long firstSeed;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      converter = ProfileName.class,
      completionCandidates = ProfileName.class,
      description = "One workload only: ${COMPLETION-CANDIDATES}. Default: each seed chooses.")
  private Profile profile;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Seeds at once. Default: one for each CPU.")
  private int jobs;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where short traces of failing seeds are written. Default: here.")
  private Path directory;

  @Option(
      names = "--canary",
      description = "Falsify the truth: every seed with a fault must fail, or the check is blind.")
  private boolean canary;

  SimulateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (seeds < 1) {
      throw new CommandException("--seeds is at least 1");
    }
    int threads = jobs > 0 ? jobs : Runtime.getRuntime().availableProcessors();
    SimulationReport report =
        new SimulationReport(terminal.out(), Optional.ofNullable(profile), canary, directory);
    boolean passed;
    try (Progress progress = new Progress(terminal, "simulating", Progress.Unit.SEEDS, seeds)) {
      passed = report.run(firstSeed, seeds, threads, progress::at);
    }
    return passed ? ExitCode.OK : ExitCode.FINDINGS;
  }
}
