package io.dmascope.cli;

import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.UnusableInputException;
import io.dmascope.producer.ingest.open.FollowedFile;
import io.dmascope.producer.ingest.rig.RigCapture;
import io.dmascope.producer.publish.PublishProgress;
import io.dmascope.producer.publish.PublisherConfig;
import io.dmascope.producer.publish.TracePublisher;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends recordings to Kafka. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description = "Send recordings to Kafka, for replay engines to check.",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:Kafka has stored everything; also where Ctrl-C or SIGTERM ended a live capture",
      "2:an input could not be used, or Kafka has not stored all of it"
    },
    footer = {
      "",
      "An interrupted publication is resumed by giving the same command again: nothing is found"
          + " twice.",
      "",
      "Examples:",
      "  dmascope publish trace.txt.zst",
      "  ssh rig dmascope-capture stream | dmascope publish --capture-id rig-7 -",
      "  dmascope publish --follow /var/log/rig-7.trace"
    })
final class PublishCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final Terminal terminal;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Recordings, as for check; - is standard input, followed for as long as it lasts.")
  private List<String> files;

  @Option(
      names = "--follow",
      description =
          "Go on with what is written to the file, until Ctrl-C or SIGTERM, which end the"
              + " capture.")
  private boolean follow;

  @Option(
      names = "--capture-id",
      paramLabel = "ID",
      description = "Name of the capture. Default: the file's name as given.")
  private String captureId;

  @Option(
      names = "--rig",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Name of the machine that recorded, for the catalogue and replay --rig.")
  private String rig;

  @Option(
      names = "--complete-start",
      description = "Recording began before any driver mapped anything.")
  private boolean completeStart;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "" + PublisherConfig.PARTITIONS,
      description = "Partitions of topics that have to be created. Default: ${DEFAULT-VALUE}.")
  private int partitions;

  @Option(
      names = "--compression",
      paramLabel = "KIND",
      defaultValue = "zstd",
      description = "zstd, lz4, snappy, gzip or none. Default: zstd.")
  private String compression;

  @Option(
      names = "--max-errors",
      paramLabel = "N",
      description = "Give a recording up after N unreadable lines. Default: never.")
  private long issuesMax = Long.MAX_VALUE;

  @Mixin private KafkaOptions kafka = new KafkaOptions();

  @Mixin private CompanionOptions companions = new CompanionOptions();

  PublishCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (captureId != null && files.size() > 1) {
      throw new CommandException("--capture-id names one capture, but there are several files");
    }
    if (follow && files.size() > 1) {
      throw new CommandException("--follow follows one file, but there are several");
    }
    boolean unusable = false;
    boolean live = follow || files.contains(STANDARD_INPUT);
    try (UntilInterrupted run = live ? new UntilInterrupted() : null;
        TracePublisher publisher = open(run)) {
      CapturePublisher captures = new CapturePublisher(publisher);
      for (String file : files) {
        try {
          publish(captures, file, run);
        } catch (UnusableInputException e) {
          terminal.complain(e.getMessage()); // the other files may still be good
          unusable = true;
        }
      }
    }
    return unusable ? ExitCode.UNUSABLE : ExitCode.OK;
  }

  private TracePublisher open(UntilInterrupted run) {
    Supplier<TracePublisher> opening = () -> TracePublisher.open(config(), PublishProgress.NONE);
    return run == null ? opening.get() : run.start(opening);
  }

  private void publish(CapturePublisher captures, String file, UntilInterrupted run)
      throws IOException {
    String id = captureIdOf(file);
    CapturePublisher.Published published;
    try (Progress progress =
        new Progress(terminal, "publishing", Progress.Unit.EVENTS, Progress.UNKNOWN)) {
      published =
          captures.publish(
              () -> open(file, new ReadOptions(id, completeStart), run, progress),
              new IssueLog(terminal, file, issuesMax),
              progress::at);
    }
    say(
        "%s: %,d events in %,d records, %,.0f events/s, as capture %s"
            .formatted(
                file, published.events(), published.records(), published.eventsPerSecond(), id));
    if (published.skippedEvents() > 0) {
      say("%s: %,d events had been published before".formatted(file, published.skippedEvents()));
    }
  }

  /** Opens a source; a live one ends when the command has to. */
  private RigCapture open(String file, ReadOptions options, UntilInterrupted run, Progress progress)
      throws IOException {
    if (file.equals(STANDARD_INPUT)) {
      InputStream live =
          new EndableInput(terminal.in(), () -> hasToEnd(run, Duration.ZERO, progress));
      return companions.open(file, live, options);
    }
    if (follow) {
      Path path = Path.of(file);
      InputStream live =
          FollowedFile.open(path, () -> hasToEnd(run, LOOK_AGAIN, progress), terminal::complain);
      return companions.follow(path, live, options);
    }
    return companions.open(file, terminal, options);
  }

  /** Asked while nothing comes. */
  private static boolean hasToEnd(UntilInterrupted run, Duration pause, Progress progress) {
    progress.still();
    return run.within(pause);
  }

  private void say(String line) {
    terminal.out().println(line);
    terminal.out().flush();
  }

  /** Not only the last part of the name: recordings of many rigs are called trace.dat. */
  private String captureIdOf(String file) {
    if (captureId != null) {
      return captureId;
    }
    return file.equals(STANDARD_INPUT) ? "stdin" : file.replaceFirst("^(\\./+)+", "");
  }

  private PublisherConfig config() {
    try {
      PublisherConfig config =
          PublisherConfig.of(kafka.bootstrapServers())
              .withTopics(kafka.topics(), partitions)
              .withCompression(compression)
              .withPatience(kafka.patience())
              .withRig(rig)
              .withStreaming(follow || files.contains(STANDARD_INPUT));
      for (Map.Entry<String, String> setting : kafka.settings().entrySet()) {
        config = config.withKafka(setting.getKey(), setting.getValue());
      }
      return config;
    } catch (IllegalArgumentException e) {
      throw new CommandException(e.getMessage(), e);
    }
  }
}
