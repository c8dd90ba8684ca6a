package io.dmascope.cli;

import io.dmascope.analytics.findings.FindingsReader;
import io.dmascope.analytics.findings.ReplayedCapture;
import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.analytics.report.ReportWriter;
import io.dmascope.schemas.KafkaUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what the replay engine found, as {@code check} would have printed it. */
@Command(
    name = "findings",
    mixinStandardHelpOptions = true,
    description = "Print what the replay engine found in published captures.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:nothing found that no ignore file takes",
      "1:something found",
      "2:Kafka, a topic or a capture is not there, or a capture is not replayed to its end"
    },
    footer = {"", "Example: dmascope findings --wait 60 trace.txt"})
final class FindingsCommand implements Callable<Integer> {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final Terminal terminal;

  @Parameters(paramLabel = "CAPTURE", arity = "0..*", description = "Capture ids. Default: all.")
  private List<String> captureIds = new ArrayList<>();

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "Wait so long for captures to be replayed to their end. Default: 0.")
  private long waitSeconds;

  @Mixin private KafkaOptions kafka = new KafkaOptions();

  @Mixin private RunOption run = new RunOption();

  @Mixin private ReportOptions reports = new ReportOptions();

  FindingsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Ignores ignores = reports.ignores();
    List<ReplayedCapture> captures = read(ignores);
    boolean found = false;
    try (ReportWriter writer = reports.open(terminal)) {
      for (ReplayedCapture capture : captures) {
        writer.capture(capture.report());
        found |= capture.report().hasFindings();
      }
      writer.ignores(ignores);
    }
    List<String> incomplete = incomplete(captures);
    incomplete.forEach(terminal::complain);
    return !incomplete.isEmpty() ? ExitCode.UNUSABLE : found ? ExitCode.FINDINGS : ExitCode.OK;
  }

  private List<ReplayedCapture> read(Ignores ignores) {
    long deadlineNs = System.nanoTime() + Duration.ofSeconds(waitSeconds).toNanos();
    try (FindingsReader reader =
            FindingsReader.open(
                kafka.bootstrapServers(),
                kafka.settings(),
                kafka.topicsOf(run.text()),
                kafka.patience());
        UntilInterrupted interrupt = new UntilInterrupted();
        Progress progress =
            new Progress(
                terminal,
                "captures replayed to their end",
                Progress.Unit.PLAIN,
                Progress.UNKNOWN)) {
      boolean said = false;
      while (true) {
        boolean last = System.nanoTime() - deadlineNs >= 0;
        try {
          List<ReplayedCapture> captures =
              reader.read(
                  () -> reports.newReport(ignores),
                  id -> captureIds.isEmpty() || captureIds.contains(id));
          progress.at(captures.stream().filter(ReplayedCapture::ended).count());
          boolean complete = incomplete(captures).isEmpty() && !captures.isEmpty();
          if (complete || last || interrupt.within(LOOK_AGAIN)) {
            if (reader.undecodable() > 0) {
              terminal.complain(reader.undecodable() + " records of the topics could not be read");
            }
            return captures;
          }
        } catch (KafkaUnavailableException e) {
          if (last || interrupt.within(LOOK_AGAIN)) {
            throw e;
          }
          if (!said) {
            terminal.complain("findings: " + e.getMessage() + "; waiting for it");
            said = true;
          }
        }
      }
    }
  }

  /** A sentence for each capture whose report is not the last word. */
  private List<String> incomplete(List<ReplayedCapture> captures) {
    List<String> sentences = new ArrayList<>();
    List<String> known = captures.stream().map(ReplayedCapture::captureId).toList();
    for (String id : captureIds) {
      if (!known.contains(id)) {
        sentences.add("findings: there is no capture " + id);
      }
    }
    for (ReplayedCapture capture : captures) {
      if (!capture.ended()) {
        sentences.add(
            "findings: capture "
                + capture.captureId()
                + " is not replayed to its end yet; --wait waits for it");
      }
    }
    return sentences;
  }
}
