package io.dmascope.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dmascope.analytics.fault.FaultJson;
import io.dmascope.analytics.fault.FaultReport;
import io.dmascope.analytics.fault.FaultText;
import io.dmascope.analytics.report.Plain;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.rig.RigCapture;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what was at an address: for every IOMMU fault of a recording, or for one asked about. */
@Command(
    name = "fault",
    mixinStandardHelpOptions = true,
    description = {
      "Explain IOMMU faults: what was mapped at the address, when it ended and by whom.",
      "",
      "Without --address, every fault of the recording and of the kernel log beside it; with it,"
          + " whatever the recording knows of that address."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:explained, or there is no fault",
      "2:the input could not be used, or the command line is wrong"
    },
    footer = {
      "",
      "Examples:",
      "  dmascope fault --dmesg dmesg.txt trace.dat",
      "  dmascope fault --device 00:0c.0 --address ffd000 --time 37.047 trace.dat",
      "  ssh rig cat /sys/kernel/tracing/trace | dmascope fault -d 00:0c.0 -a 0xffd000 -"
    })
final class FaultCommand implements Callable<Integer> {
  enum Format {
    text,
    json
  }

  private final Terminal terminal;

  @Parameters(
      paramLabel = "FILE",
      description = "A recording of any form that check reads; - is standard input.")
  private String file;

  @Mixin private FaultQuestion.Options question = new FaultQuestion.Options();
  @Mixin private CompanionOptions companions = new CompanionOptions();

  @Option(
      names = "--complete-start",
      description = "Recording began before any driver mapped anything.")
  private boolean completeStart;

  @Option(names = "--all", description = "Show each fault, not one for all with one explanation.")
  private boolean all;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      defaultValue = "text",
      description = "text or json (docs/fault.schema.json). Default: text.")
  private Format format;

  @Mixin private ColourOption colour = new ColourOption();

  FaultCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    FaultQuestion asked = question.question();
    FaultReport report = new FaultReport(all);
    explain(asked, report);
    switch (format) {
      case text -> text(asked, report);
      case json -> json(report);
    }
    return ExitCode.OK;
  }

  private void explain(FaultQuestion asked, FaultReport report) throws IOException {
    IssueLog issues = new IssueLog(terminal, file, Long.MAX_VALUE);
    ReadOptions readOptions = new ReadOptions("", completeStart);
    FaultSearch search = new FaultSearch(asked, report);
    try (RigCapture capture = companions.open(file, terminal, readOptions);
        Progress progress =
            new Progress(terminal, Plain.of(file), Progress.Unit.EVENTS, Progress.UNKNOWN)) {
      new EventHandover(capture, issues::issue).forEach(event -> progress.at(search.apply(event)));
    } finally {
      issues.finish();
    }
    search.finish();
  }

  private void text(FaultQuestion asked, FaultReport report) throws IOException {
    new FaultText(terminal.out(), colour.paint(terminal)).print(report);
    if (report.faults() == 0) {
      terminal.out().println(asked.nothingFound());
    }
  }

  private void json(FaultReport report) {
    terminal
        .out()
        .println(
            JsonNodeFactory.instance
                .objectNode()
                .set("captures", JsonNodeFactory.instance.arrayNode().add(FaultJson.of(report)))
                .toPrettyString());
  }
}
