package io.dmascope.cli;

import io.dmascope.analytics.AnalyticsLimits;
import io.dmascope.analytics.AnalyticsState;
import io.dmascope.analytics.PageLimits;
import io.dmascope.analytics.ReportPage;
import io.dmascope.analytics.report.Plain;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.UnusableInputException;
import io.dmascope.producer.ingest.rig.RigCapture;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes what the live page would show of some recordings into one file. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Write a report that opens in any browser: findings with their lines and how to fix them,"
          + " lanes over time, the address map, costs, coverage.",
      "",
      "One file without a server or a network, for a mail or a bug tracker."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:written",
      "2:an input could not be used, or the command line is wrong; what could be read is written"
    },
    footer = {
      "",
      "Examples:",
      "  dmascope report -o report.html trace.dat",
      "  dmascope report -o kernels.html 6.12/trace.dat 7.2/trace.dat"
    })
final class ReportCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  /** Charts that fill a wide screen, and every device of a large machine. */
  private static final int DEVICES_MAX = 512;

  private static final int TIMELINE_POINTS = 2_000;
  private static final int FINDING_SERIES_MAX = 10_000;

  private final Terminal terminal;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Recordings of any form that check reads; - is standard input, whose lines are not shown"
              + " since it is read only once.")
  private List<String> files;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      defaultValue = "report.html",
      description = "File to write. Default: report.html.")
  private Path output;

  @Option(
      names = "--complete-start",
      description =
          "Recording began before any driver mapped anything: unknown mappings are errors.")
  private boolean completeStart;

  @Mixin private CompanionOptions companions = new CompanionOptions();
  @Mixin private IgnoreOptions ignores = new IgnoreOptions();

  ReportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    AnalyticsState state =
        new AnalyticsState(
            new AnalyticsLimits(files.size(), DEVICES_MAX, FINDING_SERIES_MAX, TIMELINE_POINTS),
            PageLimits.REPORT,
            ignores.read());
    ReportPage page = new ReportPage(state);
    List<String> read = new ArrayList<>();
    for (String file : files) {
      try {
        new PagedCapture(state, page, file.equals(STANDARD_INPUT))
            .read(() -> open(file), issues(file), progress(file));
        read.add(Plain.of(file));
      } catch (UnusableInputException | CommandException e) {
        terminal.complain(e.getMessage()); // the other files may still be good
      } catch (IOException e) {
        terminal.complain(file + ": " + FileTrouble.sentence(e)); // likewise
      }
    }
    if (!read.isEmpty()) {
      write(page, read);
    }
    return read.size() == files.size() ? ExitCode.OK : ExitCode.UNUSABLE;
  }

  private RigCapture open(String file) throws IOException {
    // Under its whole name: two recordings of two directories are often named alike.
    return companions.open(file, terminal, new ReadOptions(file, completeStart));
  }

  private IssueLog issues(String file) {
    return new IssueLog(terminal, file, Long.MAX_VALUE);
  }

  private Progress progress(String file) {
    return new Progress(terminal, Plain.of(file), Progress.Unit.EVENTS, Progress.UNKNOWN);
  }

  private void write(ReportPage page, List<String> read) throws IOException {
    String made = read.size() == 1 ? read.getFirst() : read.size() + " recordings";
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(output))) {
      page.write(out, made);
    } catch (IOException e) {
      throw new CommandException(output + ": " + FileTrouble.sentence(e), e);
    }
    terminal
        .out()
        .println(
            "%s: %,d KiB, opens in any browser"
                .formatted(output, (Files.size(output) + 1023) / 1024));
  }
}
