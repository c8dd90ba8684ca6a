package io.dmascope.cli;

import io.dmascope.analytics.report.Plain;
import io.dmascope.cli.stats.WorkloadStats;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.rig.RigCapture;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints what a recording is made of. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    description =
        "Print calls, sizes, lifetimes and list lengths of each device: median / 90th percentile.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:printed", "2:the input could not be used, or the command line is wrong"},
    footer = {
      "",
      "Examples:",
      "  dmascope stats trace.dat",
      "  dmascope generate --profile nvme | dmascope stats -"
    })
final class StatsCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "FILE",
      description = "A recording, or the capture kit's archive; - is standard input.")
  private String file;

  StatsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    IssueLog issues = new IssueLog(terminal, file, Long.MAX_VALUE);
    WorkloadStats stats = new WorkloadStats(issues::issue);
    try (RigCapture capture =
            RigCapture.open(file, terminal.in(), ReadOptions.DEFAULT, RigCapture.Options.ALONE);
        Progress progress =
            new Progress(terminal, Plain.of(file), Progress.Unit.EVENTS, Progress.UNKNOWN)) {
      capture.read(new CountingSink(stats, progress));
    } finally {
      issues.finish();
    }
    stats.print(terminal.out());
    return ExitCode.OK;
  }
}
