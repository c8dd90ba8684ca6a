package io.dmascope.cli;

import io.dmascope.analytics.report.Plain;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.JsonLinesPrinter;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.TracefsPrinter;
import io.dmascope.producer.ingest.rig.RigCapture;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints every event of a recording. */
@Command(
    name = "dump",
    mixinStandardHelpOptions = true,
    description = "Print every event of a recording, whatever its format, as tracefs would.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:printed; what could not be read is told on standard error",
      "2:the input could not be used, or the command line is wrong"
    },
    footer = {
      "",
      "Examples:",
      "  dmascope dump trace.dat",
      "  dmascope dump --json trace.dat | jq -c 'select(.kind == \"DmaMapSg\")'"
    })
final class DumpCommand implements Callable<Integer> {
  /** How many lines nobody may read before that is noticed: noticing it costs a flush. */
  private static final int LINES_BETWEEN_LOOKS = 1024;

  private final Terminal terminal;

  @Parameters(
      paramLabel = "FILE",
      description = "A recording, or the capture kit's archive; - is standard input.")
  private String file;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  private boolean json;

  DumpCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    IssueLog issues = new IssueLog(terminal, file, Long.MAX_VALUE);
    Function<TraceEvent, String> printer =
        json ? new JsonLinesPrinter()::line : new TracefsPrinter()::line;
    try (RigCapture capture =
            RigCapture.open(file, terminal.in(), ReadOptions.DEFAULT, RigCapture.Options.ALONE);
        Progress progress =
            Progress.besideOutput(
                terminal, Plain.of(file), Progress.Unit.EVENTS, Progress.UNKNOWN)) {
      capture.read(new CountingSink(new Printing(printer, issues), progress));
    } catch (NobodyReadsException enough) {
      // The output's reader went away, as head does: Terminal.finish() tells the shell.
    } finally {
      issues.finish();
    }
    return ExitCode.OK;
  }

  /** Ends the reading when nobody takes the output any more. */
  private static final class NobodyReadsException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final class Printing implements EventSink {
    private final Function<TraceEvent, String> printer;
    private final IssueLog issues;
    private long lines;

    Printing(Function<TraceEvent, String> printer, IssueLog issues) {
      this.printer = printer;
      this.issues = issues;
    }

    @Override
    public void event(TraceEvent event) {
      terminal.out().println(printer.apply(event));
      if (++lines % LINES_BETWEEN_LOOKS == 0 && terminal.outIsBroken()) {
        throw new NobodyReadsException();
      }
    }

    @Override
    public void issue(TraceIssue issue) {
      issues.issue(issue);
    }
  }
}
