package io.dmascope.cli;

import io.dmascope.replay.ReplayConfig;
import io.dmascope.replay.ReplayEngine;
import io.dmascope.replay.ReplayMetrics;
import io.dmascope.schemas.KafkaUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Replays published captures and writes what they break. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Run a replay engine: captures from Kafka in, findings to Kafka out.",
      "With --as, replay what was published before, under a name of its own."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:Ctrl-C or SIGTERM ended it, or all is replayed (--until-idle, --as)",
      "2:Kafka did not answer at the start, the engine failed, or the command line is wrong"
    },
    footer = {
      "",
      "Engines with one application id share the captures; one that was killed is replaced by the"
          + " others,",
      "and its findings stay as they would have been.",
      "",
      "Example: dmascope replay --as june --kernel '7.2*' --rules 'DMA-SYN-*'"
    })
final class ReplayCommand implements Callable<Integer> {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final Terminal terminal;

  @Option(
      names = "--application-id",
      paramLabel = "ID",
      defaultValue = "dmascope-replay",
      description =
          "Names the group of engines that share the live run, and their progress. The first one"
              + " owns it: to replay once more, use --as. Default: dmascope-replay.")
  private String applicationId;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Captures replayed at a time in this process. Default: 1.")
  private int threads;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "" + ReplayConfig.PARTITIONS,
      description = "Partitions of topics that have to be created. Default: ${DEFAULT-VALUE}.")
  private int partitions;

  @Option(
      names = "--commit-interval",
      paramLabel = "MS",
      defaultValue = "1000",
      description = "How long findings wait before others may see them. Default: 1000.")
  private long commitIntervalMs;

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description =
          "Where Kafka Streams keeps its locks. Default: a directory for temporary files.")
  private Path stateDir;

  @Option(names = "--no-mappings", description = "Do not publish mappings that ended.")
  private boolean noMappings;

  @Option(
      names = "--until-idle",
      description = "Stop once everything published so far is replayed, instead of at Ctrl-C.")
  private boolean untilIdle;

  @Mixin private HistoricalRun historical = new HistoricalRun();

  @Mixin private KafkaOptions kafka = new KafkaOptions();

  ReplayCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (historical.isAsked()) {
      return historical.run(terminal, kafka, !noMappings, Duration.ofMillis(commitIntervalMs));
    }
    historical.refuseWithoutName();
    follow();
    return ExitCode.OK;
  }

  private void follow() {
    try (UntilInterrupted run = new UntilInterrupted()) {
      ReplayMetrics metrics;
      long startNs = System.nanoTime();
      try (ReplayEngine engine = run.start(this::patiently);
          Progress progress =
              new Progress(terminal, "replaying", Progress.Unit.EVENTS, Progress.UNKNOWN)) {
        metrics = engine.metrics();
        while (!run.within(LOOK_AGAIN) && !engine.isStopped()) {
          progress.at(metrics.events());
          if (untilIdle && isIdle(engine)) {
            break;
          }
        }
        if (engine.failure().isPresent()) {
          Throwable failure = engine.failure().get();
          throw new CommandException("the engine stopped: " + failure.getMessage(), failure);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandException("interrupted", e);
      }
      summary(metrics, System.nanoTime() - startNs);
    }
  }

  /** In an outage a supervisor would only start it again, for ever. */
  private ReplayEngine patiently() {
    ReplayConfig config = config();
    while (true) {
      try {
        return ReplayEngine.start(config);
      } catch (KafkaUnavailableException e) {
        boolean silence = e.getCause() instanceof TimeoutException;
        if (!silence || kafka.patienceEnds() || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        terminal.complain("replay: " + e.getMessage() + "; waiting for it");
      }
    }
  }

  /** Where Kafka does not tell right now, nobody knows: it is asked again. */
  private static boolean isIdle(ReplayEngine engine) throws InterruptedException {
    return engine.awaitRunning(LOOK_AGAIN) && engine.lag().equals(OptionalLong.of(0));
  }

  private ReplayConfig config() {
    Path directory =
        stateDir == null
            ? Path.of(System.getProperty("java.io.tmpdir"), "dmascope-streams")
            : stateDir;
    try {
      ReplayConfig config =
          ReplayConfig.of(kafka.bootstrapServers(), directory)
              .withApplicationId(applicationId)
              .withTopics(kafka.topics(), partitions)
              .withThreads(threads)
              .withCommitInterval(Duration.ofMillis(commitIntervalMs))
              .withPatience(kafka.patience())
              .withMappings(!noMappings);
      for (Map.Entry<String, String> setting : kafka.settings().entrySet()) {
        config = config.withKafka(setting.getKey(), setting.getValue());
      }
      return config;
    } catch (IllegalArgumentException e) {
      throw new CommandException(e.getMessage(), e);
    }
  }

  private void summary(ReplayMetrics metrics, long elapsedNs) {
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "replayed %,d events of %,d captures to their end in %.1f s: %,d violations%n",
            metrics.events(),
            metrics.capturesEnded(),
            elapsedNs / 1e9,
            metrics.violations());
    if (metrics.quarantined() > 0) {
      terminal.out().printf(Locale.ROOT, "%,d records went to quarantine%n", metrics.quarantined());
    }
  }
}
