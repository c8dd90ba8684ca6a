package io.dmascope.cli;

import io.dmascope.analytics.AnalyticsConfig;
import io.dmascope.analytics.AnalyticsServer;
import io.dmascope.analytics.AnalyticsService;
import io.dmascope.analytics.AnalyticsState;
import io.dmascope.analytics.findings.FindingsReader;
import io.dmascope.analytics.findings.ReplayedCapture;
import io.dmascope.analytics.report.CaptureReport;
import io.dmascope.analytics.report.Finding;
import io.dmascope.analytics.report.FindingReport;
import io.dmascope.analytics.report.Grouping;
import io.dmascope.analytics.report.JsonReport;
import io.dmascope.analytics.report.Paint;
import io.dmascope.analytics.report.TextReport;
import io.dmascope.cli.broker.EmbeddedBroker;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.rig.RigCapture;
import io.dmascope.producer.publish.PublishProgress;
import io.dmascope.producer.publish.PublisherConfig;
import io.dmascope.producer.publish.TracePublisher;
import io.dmascope.replay.ReplayConfig;
import io.dmascope.replay.ReplayEngine;
import io.dmascope.schemas.Topics;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The whole road on two recordings: broker, publication, replay, findings, metrics, live page. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Show the whole road on two recordings of a real kernel, through a real broker.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:came to its end, or Ctrl-C or SIGTERM ended it",
      "2:something on the road failed, or the command line is wrong"
    })
final class DemoCommand implements Runnable {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int FINDINGS_SHOWN = 3;
  private static final int PARTITIONS = 2;

  /** Fewer are gone before a rate means anything. */
  private static final int EVENTS_FOR_A_RATE = 10_000;

  /** A recording under {@code golden/demo}. */
  private record Recording(String captureId, String what) {
    String file() {
      Path file = Path.of(System.getProperty("dmascope.home", "."), "golden", "demo", captureId);
      Path here = Path.of("").toAbsolutePath();
      Path trace = file.toAbsolutePath().normalize().resolve("trace.txt.zst");
      return (trace.startsWith(here) ? here.relativize(trace) : trace).toString();
    }

    ReadOptions options() {
      return new ReadOptions(captureId, false);
    }
  }

  private static final List<Recording> RECORDINGS =
      List.of(
          new Recording("healthy-direct-6.12", "boot to shutdown: NVMe, NICs, SATA, USB, no IOMMU"),
          new Recording("misuse-strict-6.12", "a driver that misbehaves in 46 ways, strict IOMMU"));

  private final Terminal terminal;
  private final Paint paint;

  @Option(names = "--exit", description = "End after the findings instead of at Ctrl-C.")
  private boolean exit;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9464",
      description = "Port of metrics and page; 0 picks a free one. Default: 9464.")
  private int port;

  DemoCommand(Terminal terminal) {
    this.terminal = terminal;
    this.paint = terminal.wantsColour() ? Paint.COLOUR : Paint.PLAIN;
  }

  @Override
  public void run() {
    say(paint.headline("dmascope demo") + ": from two recordings to findings, through Kafka");
    say("");
    try (UntilInterrupted run = new UntilInterrupted()) {
      try {
        show(run);
      } catch (RuntimeException | Error e) {
        // A broker that is started while the process ends fails in strange ways.
        if (!hasToEnd(run)) {
          throw e;
        }
      }
    } catch (IOException e) {
      throw new CommandException(FileTrouble.sentence(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    }
  }

  private void show(UntilInterrupted run) throws IOException, InterruptedException {
    Path streams = Files.createTempDirectory("dmascope-streams-");
    long startNs = System.nanoTime();
    try (EmbeddedBroker broker = EmbeddedBroker.startTemporary()) {
      step("broker", "Kafka in this process at " + broker.bootstrapServers(), startNs);
      walk(broker.bootstrapServers(), streams, run);
    } finally {
      Directories.delete(streams);
    }
  }

  private static boolean hasToEnd(UntilInterrupted run) {
    return run.within(Duration.ZERO);
  }

  private void walk(String bootstrap, Path streams, UntilInterrupted run)
      throws IOException, InterruptedException {
    if (!publish(bootstrap, run)) {
      return;
    }
    AnalyticsState state = new AnalyticsState();
    ReplayConfig config =
        ReplayConfig.of(bootstrap, streams)
            .withTopics(Topics.DEFAULT, PARTITIONS)
            .withThreads(PARTITIONS)
            .withCommitInterval(Duration.ofMillis(200));
    AnalyticsConfig analytics =
        new AnalyticsConfig(
            bootstrap, Map.of(), Topics.DEFAULT, Optional.of(config.applicationId()));
    try (ReplayEngine engine = ReplayEngine.start(config);
        AnalyticsService service = new AnalyticsService(analytics, state);
        AnalyticsServer server = new AnalyticsServer(port, state)) {
      Thread.ofPlatform().daemon().name("dmascope-analytics").start(service);
      if (!replay(engine, run)) {
        return;
      }
      findings(bootstrap);
      if (exit) {
        return;
      }
      server.start();
      say(label("live page") + paint.headline(server.url()));
      say(label("metrics") + server.url() + "metrics");
      say(label("more") + "./dmascope findings -b " + bootstrap + "  (in another terminal)");
      say("");
      say("Ctrl-C ends the demo.");
      while (!run.within(PATIENCE)) {
        // Everything happens on other threads.
      }
    }
  }

  /** Returns false when interrupted. */
  private boolean publish(String bootstrap, UntilInterrupted run) throws IOException {
    PublisherConfig config = PublisherConfig.of(bootstrap).withTopics(Topics.DEFAULT, PARTITIONS);
    try (TracePublisher publisher = TracePublisher.open(config, PublishProgress.NONE)) {
      CapturePublisher captures = new CapturePublisher(publisher);
      CompanionOptions companions = new CompanionOptions();
      for (Recording recording : RECORDINGS) {
        if (hasToEnd(run)) {
          return false;
        }
        String file = recording.file();
        CapturePublisher.Published published =
            captures.publish(
                () -> companions.open(file, terminal, recording.options()),
                new IssueLog(terminal, file, Long.MAX_VALUE),
                _ -> {});
        step(
            "publish",
            "%s: %,d events in %,d records"
                .formatted(recording.captureId(), published.events(), published.records()),
            published.seconds(),
            published.events());
        say(label("") + paint.faint(recording.what() + "; " + file));
      }
    }
    return !hasToEnd(run);
  }

  /** Returns false when interrupted. */
  private boolean replay(ReplayEngine engine, UntilInterrupted run) throws InterruptedException {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (!engine.awaitRunning(LOOK_AGAIN)) {
      if (hasToEnd(run)) {
        return false;
      }
      if (engine.failure().isPresent() || System.nanoTime() > deadlineNs) {
        throw new CommandException("the replay engine did not start" + why(engine));
      }
    }
    long startNs = System.nanoTime();
    while (engine.metrics().capturesEnded() < RECORDINGS.size() || engine.lag().orElse(1) > 0) {
      if (run.within(LOOK_AGAIN)) {
        return false;
      }
      if (engine.failure().isPresent() || System.nanoTime() > deadlineNs) {
        throw new CommandException("the replay did not come to its end" + why(engine));
      }
    }
    long events = engine.metrics().events();
    step(
        "replay",
        "%,d events exactly once, %,d mappings followed"
            .formatted(events, engine.metrics().mappings()),
        (System.nanoTime() - startNs) / 1e9,
        events);
    return true;
  }

  private static String why(ReplayEngine engine) {
    return engine.failure().map(failure -> ": " + failure.getMessage()).orElse("");
  }

  private void findings(String bootstrap) throws IOException {
    List<CaptureReport> reports;
    try (FindingsReader reader =
        FindingsReader.open(bootstrap, Map.of(), Topics.DEFAULT, PATIENCE)) {
      reports =
          reader.read(() -> new FindingReport(Grouping.CAUSE), _ -> true).stream()
              .map(ReplayedCapture::report)
              .toList();
    }
    step("findings", sameAsOffline(reports), Double.NaN, 0);
    say("");
    try (TextReport text = new TextReport(terminal.out(), paint)) {
      for (CaptureReport report : reports) {
        List<Finding> shown =
            report.findings().subList(0, Math.min(FINDINGS_SHOWN, report.findings().size()));
        text.findings(report.withFindings(shown));
        int more = report.findings().size() - shown.size();
        if (more > 0) {
          say(paint.faint("... and " + more + " more"));
          say("");
        }
        text.tally(report);
        say("");
      }
    }
    terminal.out().flush();
  }

  /** The promise of the whole project, kept before the user's eyes. */
  private String sameAsOffline(List<CaptureReport> throughKafka) throws IOException {
    List<CaptureReport> offline = new ArrayList<>();
    for (Recording recording : RECORDINGS) {
      try (RigCapture capture =
          new CompanionOptions().open(recording.file(), terminal, recording.options())) {
        offline.add(
            new OfflineCheck(new FindingReport(Grouping.CAUSE)).run(capture, _ -> {}, _ -> {}));
      }
    }
    return json(offline).equals(json(throughKafka))
        ? "the same as ./dmascope check gives without Kafka, byte for byte"
        : "not the same as ./dmascope check gives without Kafka: please report this";
  }

  private static String json(List<CaptureReport> reports) throws IOException {
    StringWriter out = new StringWriter();
    try (JsonReport json = new JsonReport(out)) {
      for (CaptureReport report : reports) {
        json.capture(report);
      }
    }
    return out.toString();
  }

  private void step(String label, String what, long startNs) {
    step(label, what, (System.nanoTime() - startNs) / 1e9, 0);
  }

  private void step(String label, String what, double seconds, long events) {
    StringBuilder line = new StringBuilder(label(label)).append(what);
    if (!Double.isNaN(seconds)) {
      line.append(String.format(Locale.ROOT, "  %.1f s", seconds));
    }
    if (events >= EVENTS_FOR_A_RATE) {
      line.append(String.format(Locale.ROOT, ", %,.0f events/s", events / seconds));
    }
    say(line.toString());
  }

  private String label(String label) {
    return paint.note(String.format(Locale.ROOT, "  %-10s", label));
  }

  private void say(String line) {
    terminal.out().println(line);
    terminal.out().flush();
  }
}
