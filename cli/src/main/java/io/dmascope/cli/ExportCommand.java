package io.dmascope.cli;

import io.dmascope.analytics.report.Numbers;
import io.dmascope.analytics.report.Plain;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.rig.RigCapture;
import io.dmascope.tables.CsvWriter;
import io.dmascope.tables.RowWriter;
import io.dmascope.tables.RowWriters;
import io.dmascope.tables.Table;
import io.dmascope.tables.Tables;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes what a recording comes to for other tools. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Write a recording's events, lifecycles, aggregates and findings for other tools; offline.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:written", "2:the input could not be used, or the command line is wrong"},
    footer = {
      "",
      "Examples:",
      "  dmascope export trace.dat --format csv -o tables",
      "  dmascope export trace.dat --format json --tables aggregates -o tables",
      "  dmascope export trace.dat --format perfetto -o dma.pftrace",
      "  dmascope export trace.dat --format openmetrics -o dma.om"
    })
final class ExportCommand implements Callable<Integer> {
  private static final long NS_PER_MS = 1_000_000;
  private static final int BUFFER_BYTES = 1 << 16;

  enum Format {
    csv,
    json,
    perfetto,
    openmetrics
  }

  private final Terminal terminal;

  @Parameters(
      paramLabel = "FILE",
      description = "A recording, or the capture kit's archive; - is standard input.")
  private String file;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      required = true,
      description =
          "csv, or json (an object a line): a file for each table of docs/tables.md; perfetto: a"
              + " trace to open in its UI; openmetrics: samples at the recorded time for promtool.")
  private Format format;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      required = true,
      description = "The directory of the tables' files, or the file of the trace or samples.")
  private Path output;

  @Option(
      names = "--tables",
      paramLabel = "NAME",
      split = ",",
      description =
          "Write only these of events, lifecycles, aggregates, rule_counts, findings. Default:"
              + " all.")
  private List<String> tables;

  @Mixin private WindowOption window = new WindowOption();

  @Option(
      names = "--base-time",
      paramLabel = "TIME",
      description =
          "When the first window began, as 2026-11-30T12:00:00Z, for openmetrics. Default: what the"
              + " rig's manifest tells.")
  private Instant baseTime;

  @Mixin private CompanionOptions companions = new CompanionOptions();

  ExportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (baseTime != null && format != Format.openmetrics) {
      throw new CommandException("--base-time is for --format openmetrics");
    }
    if (tables != null && (format == Format.perfetto || format == Format.openmetrics)) {
      throw new CommandException("--tables is for csv and json");
    }
    switch (format) {
      case csv -> tables((table, out) -> new CsvWriter(table, out), "csv");
      case json -> tables(JsonRowWriter::new, "jsonl");
      case perfetto -> perfetto();
      case openmetrics -> openMetrics();
    }
    return ExitCode.OK;
  }

  /** Opens the writer of one table on its file. */
  private interface TextForm {
    RowWriter open(Table table, Writer out) throws IOException;
  }

  private void tables(TextForm form, String suffix) throws IOException {
    Files.createDirectories(output);
    write(table -> form.open(table, Files.newBufferedWriter(tableFile(table, suffix))));
  }

  private Path tableFile(Table table, String suffix) {
    return output.resolve(table.name() + "." + suffix);
  }

  private void write(RowWriters to) throws IOException {
    try (TableConclusions conclusions = new TableConclusions(wanted(), to)) {
      run(conclusions);
    }
  }

  private void perfetto() throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(output), BUFFER_BYTES)) {
      PerfettoConclusions conclusions = new PerfettoConclusions(out);
      run(conclusions);
      if (conclusions.thinnedOut() > 0) {
        terminal
            .err()
            .println(
                Numbers.count(conclusions.thinnedOut(), "mapping")
                    + " not drawn, to keep the trace small; the tables have all");
      }
    }
  }

  private void openMetrics() throws IOException {
    OptionalLong baseNs =
        baseTime == null
            ? OptionalLong.empty()
            : OptionalLong.of(Math.multiplyExact(baseTime.toEpochMilli(), NS_PER_MS));
    try (Writer out = Files.newBufferedWriter(output, StandardCharsets.UTF_8)) {
      run(new OpenMetricsConclusions(baseNs, out));
    }
  }

  private Set<Table> wanted() {
    if (tables == null) {
      return new LinkedHashSet<>(Tables.ALL);
    }
    Set<Table> wanted = new LinkedHashSet<>();
    for (String name : tables) {
      wanted.add(
          Tables.ALL.stream()
              .filter(table -> table.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new CommandException(
                          "there is no table %s; there are %s"
                              .formatted(name, Tables.ALL.stream().map(Table::name).toList()))));
    }
    return wanted;
  }

  private void run(CaptureConclusions conclusions) throws IOException {
    IssueLog issues = new IssueLog(terminal, file, Long.MAX_VALUE);
    try (RigCapture capture = companions.open(file, terminal, ReadOptions.DEFAULT);
        Progress progress =
            new Progress(terminal, Plain.of(file), Progress.Unit.EVENTS, Progress.UNKNOWN)) {
      new ConclusionRun(window.ns(), conclusions).run(capture, issues::issue, progress::at);
    } finally {
      issues.finish();
    }
  }

  /** How long the windows of the aggregates are. */
  static final class WindowOption {
    @Option(
        names = "--window",
        paramLabel = "MS",
        defaultValue = "1000",
        description =
            "Length of an aggregate's window of event time, in milliseconds. Default: 1000.")
    private long ms;

    long ns() {
      if (ms <= 0 || ms > Duration.ofDays(1).toMillis()) {
        throw new CommandException("--window is from 1 ms to a day, not " + ms);
      }
      return ms * NS_PER_MS;
    }
  }
}
