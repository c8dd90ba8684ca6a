package io.dmascope.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dmascope.analytics.diff.DiffJson;
import io.dmascope.analytics.diff.DiffText;
import io.dmascope.analytics.diff.FindingDiff;
import io.dmascope.analytics.diff.FindingSet;
import io.dmascope.analytics.findings.FindingsReader;
import io.dmascope.analytics.findings.ReplayedCapture;
import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.analytics.report.FindingReport;
import io.dmascope.analytics.report.Grouping;
import io.dmascope.schemas.RunName;
import io.dmascope.schemas.TopicScan;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.codec.RunRecord;
import io.dmascope.schemas.runs.GroupProgress;
import io.dmascope.schemas.runs.RunRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists, compares and removes runs. */
@Command(
    name = "runs",
    mixinStandardHelpOptions = true,
    description = "List the runs: the live one and the replays, with how far they have come.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done; for diff, nothing in B that is not in A",
      "1:for diff, something new in B",
      "2:Kafka or a run is not there, or the command line is wrong"
    },
    footer = {
      "",
      "Examples:",
      "  dmascope replay --as june --rules 'DMA-SYN-*'",
      "  dmascope runs diff live june"
    })
final class RunsCommand implements Callable<Integer> {
  /** A replay says how far it is every few seconds. */
  private static final Duration SILENT_MIN = Duration.ofSeconds(30);

  enum Format {
    text,
    json
  }

  private final Terminal terminal;

  @Option(
      names = "--format",
      paramLabel = "FORM",
      defaultValue = "text",
      description = "text or json. Default: text.")
  private Format format;

  @Mixin private KafkaOptions kafka = new KafkaOptions();

  RunsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** One line of the list. */
  private record Line(RunRecord run, String state, long records, long done, long findings) {
    double part() {
      return records == 0 ? 1 : Math.min(1, (double) done / records);
    }
  }

  @Override
  public Integer call() {
    RunRegistry registry = registry(kafka);
    List<Line> lines = new ArrayList<>();
    try (TopicScan scan = new TopicScan(kafka.connection(), kafka.patience())) {
      for (RunRecord run : registry.runs()) {
        lines.add(line(run, scan));
      }
    }
    switch (format) {
      case text -> text(lines);
      case json -> json(lines);
    }
    if (registry.foreign() > 0) {
      terminal.complain(registry.foreign() + " records of the runs topic are not ours");
    }
    return ExitCode.OK;
  }

  private Line line(RunRecord known, TopicScan scan) {
    RunRecord run = known;
    if (!run.name().isLive()) {
      run = GroupProgress.of(kafka.connection(), known, kafka.patience());
      return new Line(run, state(run), run.totalRecords(), run.records(), run.violations());
    }
    Topics topics = kafka.topics();
    GroupProgress progress =
        GroupProgress.of(kafka.connection(), scan, topics.events(), run.group(), kafka.patience());
    AtomicLong findings = new AtomicLong();
    scan.read(topics.violations(), _ -> findings.incrementAndGet());
    return new Line(run, "follows", progress.records(), progress.done(), findings.get());
  }

  /** A process that was killed could not say so. */
  private static String state(RunRecord run) {
    boolean silent =
        System.currentTimeMillis() - run.updatedMs() > SILENT_MIN.toMillis()
            && run.state() == RunRecord.State.RUNNING;
    return silent ? "interrupted" : run.state().name().toLowerCase(Locale.ROOT);
  }

  private void text(List<Line> lines) {
    String form = "%-20s %-11s %8s %14s %10s %8s  %-20s %s%n";
    terminal
        .out()
        .printf(form, "RUN", "STATE", "DONE", "EVENTS", "FINDINGS", "CAPTURES", "SINCE", "WHAT");
    for (Line line : lines) {
      boolean live = line.run().name().isLive();
      terminal
          .out()
          .printf(
              Locale.ROOT,
              form,
              line.run().name(),
              line.state(),
              String.format(Locale.ROOT, "%.1f%%", 100 * line.part()),
              live ? "-" : String.format(Locale.ROOT, "%,d", line.run().events()),
              String.format(Locale.ROOT, "%,d", line.findings()),
              live ? "-" : Long.toString(line.run().capturesEnded()),
              Instant.ofEpochMilli(line.run().createdMs()).truncatedTo(ChronoUnit.SECONDS),
              live ? "application " + line.run().group() : what(line.run()));
    }
  }

  private static String what(RunRecord run) {
    return new TreeMap<>(run.settings())
        .entrySet().stream()
            .map(setting -> setting.getKey() + "=" + setting.getValue())
            .collect(Collectors.joining(" "));
  }

  private void json(List<Line> lines) {
    JsonText.print(terminal, lines.stream().map(RunsCommand::json).toList());
  }

  private static ObjectNode json(Line line) {
    RunRecord run = line.run();
    ObjectNode json =
        JsonText.object()
            .put("run", run.name().name())
            .put("state", line.state())
            .put("group", run.group())
            .put("records", line.records())
            .put("recordsDone", line.done())
            .put("findings", line.findings())
            .put("createdMs", run.createdMs());
    if (!run.name().isLive()) {
      json.put("events", run.events())
          .put("capturesEnded", run.capturesEnded())
          .put("updatedMs", run.updatedMs())
          .set("settings", JsonText.object(new TreeMap<>(run.settings())));
    }
    return json;
  }

  @Command(
      name = "diff",
      mixinStandardHelpOptions = true,
      description = "Compare what two runs found in the captures that both have")
  int diff(
      @Parameters(index = "0", paramLabel = "A", description = "A run, e.g. live.") String before,
      @Parameters(index = "1", paramLabel = "B", description = "Another one.") String after,
      @Option(names = "--all", description = "List also what both have.") boolean all,
      @Option(
              names = "--format",
              paramLabel = "FORM",
              defaultValue = "text",
              description = "text or json (docs/diff.md). Default: text.")
          Format form,
      @Mixin ColourOption colour,
      @Mixin KafkaOptions connection)
      throws IOException {
    List<ReplayedCapture> a = captures(connection, before);
    List<ReplayedCapture> b = captures(connection, after);
    Set<String> common = ids(a);
    common.retainAll(ids(b));
    if (common.isEmpty()) {
      throw new CommandException("the runs " + before + " and " + after + " have no capture both");
    }
    FindingDiff diff = FindingDiff.between(found(before, a, common), found(after, b, common));
    switch (form) {
      case text -> new DiffText(terminal.out(), colour.paint(terminal), all).print(diff);
      case json -> terminal.out().println(DiffJson.of(diff).toPrettyString());
    }
    return diff.count(FindingDiff.State.NEW) > 0 ? ExitCode.FINDINGS : ExitCode.OK;
  }

  private static List<ReplayedCapture> captures(KafkaOptions kafka, String run) {
    try (FindingsReader reader =
        FindingsReader.open(
            kafka.bootstrapServers(), kafka.settings(), kafka.topicsOf(run), kafka.patience())) {
      return reader.read(() -> new FindingReport(Grouping.CAUSE, Ignores.none()), _ -> true);
    }
  }

  private static Set<String> ids(List<ReplayedCapture> captures) {
    return captures.stream().map(ReplayedCapture::captureId).collect(Collectors.toSet());
  }

  private static FindingSet found(
      String run, List<ReplayedCapture> captures, Set<String> captureIds) {
    return FindingSet.of(
        run,
        captures.stream()
            .filter(capture -> captureIds.contains(capture.captureId()))
            .map(ReplayedCapture::report)
            .toList());
  }

  @Command(
      name = "remove",
      mixinStandardHelpOptions = true,
      description = "Delete a replay: its topics, its progress, its name")
  int remove(
      @Parameters(paramLabel = "NAME", description = "Of the replay.") String name,
      @Mixin KafkaOptions connection) {
    RunRegistry registry = registry(connection);
    RunName run = KafkaOptions.runName(name);
    RunRecord record =
        registry
            .run(run)
            .orElseThrow(
                () ->
                    new CommandException("there is no run " + run + "; dmascope runs lists them"));
    if (!run.isLive()
        && state(GroupProgress.of(connection.connection(), record, connection.patience()))
            .equals(RunRecord.State.RUNNING.name().toLowerCase(Locale.ROOT))) {
      throw new CommandException(
          "the run %s is running: stop it first (where its process was killed, wait %d s)"
              .formatted(run, SILENT_MIN.toSeconds()));
    }
    registry.remove(record);
    terminal.out().println("removed the run " + run);
    return ExitCode.OK;
  }

  private static RunRegistry registry(KafkaOptions kafka) {
    return new RunRegistry(kafka.connection(), kafka.topics(), kafka.patience());
  }
}
