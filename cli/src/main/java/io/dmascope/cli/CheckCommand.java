package io.dmascope.cli;

import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.analytics.report.CaptureReport;
import io.dmascope.analytics.report.Plain;
import io.dmascope.analytics.report.ReportWriter;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.UnusableInputException;
import io.dmascope.producer.ingest.rig.RigCapture;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds what a recording breaks: offline, in this process. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Find what recorded drivers did wrong; offline, without Kafka.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:nothing found that no ignore file takes",
      "1:something found",
      "2:an input could not be used, or the command line is wrong"
    },
    footer = {
      "",
      "Examples:",
      "  dmascope check trace.dat trace.txt",
      "  ssh rig cat /sys/kernel/tracing/trace | dmascope check -",
      "  dmascope check --format sarif *.txt.zst > dma.sarif"
    })
final class CheckCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  private final Terminal terminal;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Recordings: trace.dat, text of ftrace, trace-cmd or perf, also .gz, .xz and .zst;"
              + " - is standard input, which Ctrl-C ends.")
  private List<String> files;

  @Mixin private ReportOptions reports = new ReportOptions();
  @Mixin private CompanionOptions companions = new CompanionOptions();

  @Option(
      names = "--complete-start",
      description =
          "Recording began before any driver mapped anything: unknown mappings are errors.")
  private boolean completeStart;

  @Option(
      names = "--leaks",
      description = "Show also what is still mapped at the end, by site and age.")
  private boolean leaks;

  @Option(
      names = "--max-errors",
      paramLabel = "N",
      description = "Give a recording up after N unreadable lines. Default: never.")
  private long issuesMax = Long.MAX_VALUE;

  CheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Ignores ignores = reports.ignores();
    boolean found = false;
    boolean unusable = false;
    try (UntilInterrupted run = files.contains(STANDARD_INPUT) ? new UntilInterrupted() : null;
        ReportWriter writer = reports.open(terminal)) {
      for (String file : files) {
        if (terminal.outIsBroken() || hasToEnd(run)) {
          break;
        }
        try {
          CaptureReport report = check(file, ignores, run);
          writer.capture(report);
          found |= report.hasFindings();
        } catch (UnusableInputException | CommandException e) {
          terminal.complain(e.getMessage()); // the other files may still be good
          unusable = true;
        } catch (IOException e) {
          terminal.complain(file + ": " + FileTrouble.sentence(e)); // likewise
          unusable = true;
        }
      }
      writer.ignores(ignores);
      if (hasToEnd(run)) {
        terminal.complain("check: interrupted; what had come until then was checked");
      }
    }
    return unusable ? ExitCode.UNUSABLE : found ? ExitCode.FINDINGS : ExitCode.OK;
  }

  private static boolean hasToEnd(UntilInterrupted run) {
    return run != null && run.within(Duration.ZERO);
  }

  private CaptureReport check(String file, Ignores ignores, UntilInterrupted run)
      throws IOException {
    IssueLog issues = new IssueLog(terminal, file, issuesMax);
    ReadOptions readOptions = new ReadOptions("", completeStart);
    InputStream input =
        file.equals(STANDARD_INPUT)
            ? new EndableInput(terminal.in(), () -> hasToEnd(run))
            : InputStream.nullInputStream();
    try (RigCapture capture = companions.open(file, input, readOptions);
        Progress progress =
            new Progress(terminal, Plain.of(file), Progress.Unit.EVENTS, Progress.UNKNOWN)) {
      return new OfflineCheck(reports.newReport(ignores), leaks)
          .run(capture, issues::issue, progress::at);
    } finally {
      issues.finish();
    }
  }
}
