package io.dmascope.cli;

import io.dmascope.analytics.ignore.Glob;
import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.replay.HistoricalConfig;
import io.dmascope.replay.HistoricalReplay;
import io.dmascope.replay.Pace;
import io.dmascope.schemas.RunName;
import io.dmascope.schemas.TopicScan;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.catalogue.CaptureCatalogue;
import io.dmascope.schemas.catalogue.CatalogueEntry;
import io.dmascope.schemas.codec.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a replay of published captures under a name of its own is asked for, and its course. */
final class HistoricalRun {
  @Option(
      names = "--as",
      paramLabel = "NAME",
      description =
          "Replay what was published so far under this name, beside the live run and without"
              + " touching what it found; the same command goes on where it was stopped.")
  private String name;

  @Option(
      names = "--from",
      paramLabel = "T",
      description =
          "Write only what is concluded from then on: seconds of the trace clock (12.5), seconds"
              + " after the capture's first event (+12.5), or a time of day where the manifest"
              + " knows it (2026-11-30T12:00:00Z). What comes before is replayed silently.")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "T",
      description = "Write only what is concluded up to then.")
  private String to;

  @Option(
      names = "--pace",
      paramLabel = "PACE",
      defaultValue = "max",
      description = "max, or a number of times the recorded pace: 1x, 10x, 0.5x. Default: max.")
  private String pace;

  @Option(
      names = "--rules",
      paramLabel = "GLOB",
      split = ",",
      description = "Write only findings of these rules, e.g. 'DMA-SYN-*'. May be repeated.")
  private List<String> rules = new ArrayList<>();

  @Option(
      names = "--ignore",
      paramLabel = "FILE",
      description = "Leave out the findings that this file lists (docs/ignore.md).")
  private Path ignore;

  @Option(
      names = "--model",
      paramLabel = "KEY=VALUE",
      description =
          "Take this for true in place of what was recorded: kernel, complete-start; for every"
              + " device of the manifest max-segment-bytes, segment-boundary, dma-mask-bits.")
  private Map<String, String> model = new TreeMap<>();

  @Mixin private CaptureFilter filter = new CaptureFilter();

  boolean isAsked() {
    return name != null;
  }

  /** Complains where something was given that only a replay with a name has. */
  void refuseWithoutName() {
    boolean given =
        from != null
            || to != null
            || !pace.equals("max")
            || !rules.isEmpty()
            || ignore != null
            || !model.isEmpty()
            || !filter.isEmpty();
    if (given) {
      throw new CommandException(
          "the live run replays everything as it comes; --as NAME makes a replay of its own for"
              + " --capture, --rig, --kernel, --from, --to, --pace, --rules, --ignore and --model");
    }
  }

  /** Replays until the end or until the command is told to end. */
  int run(Terminal terminal, KafkaOptions kafka, boolean mappings, Duration commitInterval)
      throws IOException {
    Topics topics = topics(kafka);
    Map<String, CaptureFacts> facts = chosen(kafka);
    Optional<RecordedMoment> begin =
        Optional.ofNullable(from).map(t -> RecordedMoment.parse("--from", t));
    Optional<RecordedMoment> end =
        Optional.ofNullable(to).map(t -> RecordedMoment.parse("--to", t));
    ReplayedPart part =
        new ReplayedPart(
            facts,
            new ModelAssumptions(model),
            rules.stream().map(Glob::new).toList(),
            ignore == null ? Ignores.none() : IgnoreOptions.read(ignore, Optional.empty()),
            begin,
            end);
    HistoricalConfig config =
        new HistoricalConfig(
            kafka.bootstrapServers(),
            kafka.settings(),
            topics,
            settings(mappings),
            facts.keySet(),
            part,
            pace(),
            mappings,
            commitInterval,
            kafka.patience());
    try (UntilInterrupted interrupt = new UntilInterrupted();
        HistoricalReplay replay = interrupt.start(() -> HistoricalReplay.open(config))) {
      if (replay.isResumed()) {
        say(terminal, "going on with the run " + name + " at " + done(replay.progress()));
      }
      if (!part.isWhole()) {
        say(terminal, "what comes before --from or after --to is replayed without a word");
      }
      boolean finished;
      long startNs = System.nanoTime();
      try (Progress progress =
          new Progress(terminal, "replaying " + name, Progress.Unit.EVENTS, Progress.UNKNOWN_YET)) {
        finished =
            replay.run(
                () -> interrupt.within(Duration.ZERO),
                run -> progress.at(run.events(), likelyEvents(run)));
      }
      summary(terminal, replay, finished, System.nanoTime() - startNs);
      for (String captureId : part.unplaced()) {
        terminal.complain(
            "replay: nothing says what time of day it was in capture %s; nothing was written of it"
                .formatted(captureId));
      }
      if (finished && part.missedEverything()) {
        terminal.complain("replay: nothing happened between --from and --to");
        return ExitCode.UNUSABLE;
      }
    }
    return ExitCode.OK;
  }

  private Topics topics(KafkaOptions kafka) {
    RunName run = KafkaOptions.runName(name);
    if (run.isLive()) {
      throw new CommandException("live is the run that follows the events; choose another name");
    }
    return kafka.topics().of(run);
  }

  private Pace pace() {
    try {
      return Pace.parse(pace);
    } catch (IllegalArgumentException e) {
      throw new CommandException(e.getMessage(), e);
    }
  }

  private Map<String, CaptureFacts> chosen(KafkaOptions kafka) {
    try (TopicScan scan = new TopicScan(kafka.connection(), kafka.patience())) {
      List<CatalogueEntry> entries = CaptureCatalogue.read(scan, kafka.topics()).entries();
      if (entries.isEmpty()) {
        throw new CommandException(
            "nothing was published yet [topic=%s]".formatted(kafka.topics().captures()));
      }
      Map<String, CaptureFacts> chosen =
          entries.stream()
              .filter(filter::accepts)
              .collect(
                  Collectors.toMap(
                      CatalogueEntry::captureId, CatalogueEntry::facts, (a, b) -> b, TreeMap::new));
      if (chosen.isEmpty()) {
        throw new CommandException(
            "no capture of %,d fits --capture, --rig and --kernel; dmascope captures lists them"
                .formatted(entries.size()));
      }
      return chosen;
    }
  }

  /** What makes one replay another one than the next; its pace may change on the way. */
  private Map<String, String> settings(boolean mappings) throws IOException {
    Map<String, String> settings = new TreeMap<>();
    filter.describe(settings);
    if (from != null) {
      settings.put("from", from);
    }
    if (to != null) {
      settings.put("to", to);
    }
    if (!rules.isEmpty()) {
      settings.put("rules", String.join(",", rules));
    }
    if (ignore != null) {
      settings.put("ignore", ignore.getFileName() + "@" + digest(ignore));
    }
    new TreeMap<>(model).forEach((key, value) -> settings.put("model." + key, value));
    if (!mappings) {
      settings.put("mappings", "no");
    }
    return settings;
  }

  private static String digest(Path file) throws IOException {
    try {
      byte[] sha = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(sha, 0, 4);
    } catch (NoSuchFileException e) {
      throw new CommandException("ignore file " + file + " does not exist", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** From the part of the records that is done. */
  private static long likelyEvents(RunRecord run) {
    return run.records() == 0
        ? run.events()
        : (long) ((double) run.events() * run.totalRecords() / run.records());
  }

  private static String done(RunRecord run) {
    return String.format(
        Locale.ROOT,
        "%.1f%% [records=%d of %d]",
        run.totalRecords() == 0 ? 100.0 : 100.0 * run.records() / run.totalRecords(),
        run.records(),
        run.totalRecords());
  }

  private void summary(
      Terminal terminal, HistoricalReplay replay, boolean finished, long elapsedNs) {
    RunRecord run = replay.progress();
    say(
        terminal,
        String.format(
            Locale.ROOT,
            "%s: %,d events, %,d captures to their end, %,d findings; %,d events in %.1f s just"
                + " now",
            name,
            run.events(),
            run.capturesEnded(),
            run.violations(),
            replay.metrics().events(),
            elapsedNs / 1e9));
    if (replay.metrics().quarantined() > 0) {
      say(
          terminal,
          String.format(
              Locale.ROOT, "%,d records went to quarantine", replay.metrics().quarantined()));
    }
    if (replay.pacedGaps() > 0) {
      say(
          terminal,
          String.format(
              Locale.ROOT,
              "pace: %,d gaps between events, off by %.2f ms at the 50th percentile, %.2f ms at the"
                  + " 99th, %.2f ms at most",
              replay.pacedGaps(),
              replay.paceErrorMs(0.5),
              replay.paceErrorMs(0.99),
              replay.paceErrorMs(1)));
    }
    if (!finished) {
      say(terminal, "stopped at " + done(run) + "; the same command goes on");
    }
  }

  private static void say(Terminal terminal, String line) {
    terminal.out().println(line);
    terminal.out().flush();
  }
}
