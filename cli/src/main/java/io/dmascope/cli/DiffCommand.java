package io.dmascope.cli;

import io.dmascope.analytics.diff.DiffJson;
import io.dmascope.analytics.diff.DiffText;
import io.dmascope.analytics.diff.FindingDiff;
import io.dmascope.analytics.diff.FindingSet;
import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.analytics.report.FindingReport;
import io.dmascope.analytics.report.Grouping;
import io.dmascope.analytics.report.Plain;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.rig.RigCapture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares what was found in two recordings, say of two kernels. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Compare the findings of two recordings, or of two reports saved with check --format json."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:nothing in B that is not in A",
      "1:something new in B",
      "2:an input could not be used, or the command line is wrong"
    },
    footer = {
      "",
      "Examples:",
      "  dmascope diff linux-6.12.dat linux-7.2.dat",
      "  dmascope diff last-week.json today.dat"
    })
final class DiffCommand implements Callable<Integer> {
  private static final long REPORT_BYTES_MAX = 512L << 20;

  enum Format {
    text,
    json
  }

  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "A recording, or a report; - is a recording on standard input.")
  private String before;

  @Parameters(index = "1", paramLabel = "B", description = "Likewise, to compare with A.")
  private String after;

  @Option(names = "--all", description = "List also what both have.")
  private boolean all;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      defaultValue = "text",
      description = "text or json (docs/diff.md). Default: text.")
  private Format format;

  @Mixin private ColourOption colour = new ColourOption();
  @Mixin private IgnoreOptions ignore = new IgnoreOptions();

  DiffCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (before.equals("-") && after.equals("-")) {
      throw new CommandException("only one of the two can be standard input");
    }
    Ignores ignores = ignore.read();
    FindingDiff diff = FindingDiff.between(read(before, ignores), read(after, ignores));
    switch (format) {
      case text -> new DiffText(terminal.out(), colour.paint(terminal), all).print(diff);
      case json -> terminal.out().println(DiffJson.of(diff).toPrettyString());
    }
    return diff.count(FindingDiff.State.NEW) > 0 ? ExitCode.FINDINGS : ExitCode.OK;
  }

  private FindingSet read(String file, Ignores ignores) throws IOException {
    Optional<Path> report = savedReport(file);
    if (report.isPresent()) {
      return FindingSet.parse(file, Files.readString(report.get()))
          .orElseThrow(
              () ->
                  new CommandException(
                      file + " is JSON, but not what dmascope check --format json prints"));
    }
    IssueLog issues = new IssueLog(terminal, file, Long.MAX_VALUE);
    try (RigCapture capture =
            RigCapture.open(file, terminal.in(), ReadOptions.DEFAULT, RigCapture.Options.DEFAULT);
        Progress progress =
            new Progress(terminal, Plain.of(file), Progress.Unit.EVENTS, Progress.UNKNOWN)) {
      FindingReport findings = new FindingReport(Grouping.CAUSE, ignores);
      return FindingSet.of(
          file, new OfflineCheck(findings).run(capture, issues::issue, progress::at));
    } finally {
      issues.finish();
    }
  }

  /** The file where it begins as a JSON object does, which no recording does. */
  private static Optional<Path> savedReport(String file) throws IOException {
    Path path;
    try {
      path = Path.of(file);
    } catch (InvalidPathException e) {
      return Optional.empty(); // opening the recording says so in its own words
    }
    if (file.equals("-") || !Files.isRegularFile(path) || Files.size(path) > REPORT_BYTES_MAX) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(path)) {
      int first = in.read();
      while (first >= 0 && Character.isWhitespace(first)) {
        first = in.read();
      }
      return first == '{' ? Optional.of(path) : Optional.empty();
    }
  }
}
