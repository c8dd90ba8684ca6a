package io.dmascope.cli;

import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.UnusableInputException;
import io.dmascope.producer.publish.PublishProgress;
import io.dmascope.producer.publish.PublisherConfig;
import io.dmascope.producer.publish.TracePublisher;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends recordings to Kafka. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description = "Send recordings to Kafka, for replay engines to check.",
    footer = {
      "",
      "An interrupted publication is resumed by giving the same command again: nothing is found"
          + " twice.",
      "",
      "Examples:",
      "  dmascope publish trace.txt.zst",
      "  ssh rig cat /sys/kernel/tracing/trace_pipe | dmascope publish --capture-id rig-7 -"
    })
final class PublishCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  private final Terminal terminal;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Recordings, as for check; - is standard input, followed for as long as it lasts.")
  private List<String> files;

  @Option(
      names = "--capture-id",
      paramLabel = "ID",
      description = "Name of the capture. Default: the file's name as given.")
  private String captureId;

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
    boolean unusable = false;
    try (TracePublisher publisher = TracePublisher.open(config(), PublishProgress.NONE)) {
      CapturePublisher captures = new CapturePublisher(terminal, companions, publisher);
      for (String file : files) {
        try {
          publish(captures, file);
        } catch (UnusableInputException e) {
          terminal.complain(e.getMessage()); // the other files may still be good
          unusable = true;
        }
      }
    }
    return unusable ? ExitCode.UNUSABLE : ExitCode.OK;
  }

  private void publish(CapturePublisher captures, String file) throws IOException {
    String id = captureIdOf(file);
    CapturePublisher.Published published;
    try (Progress progress =
        new Progress(terminal, "publishing", Progress.Unit.EVENTS, Progress.UNKNOWN)) {
      published =
          captures.publish(
              file,
              new ReadOptions(id, completeStart),
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
              .withStreaming(files.contains(STANDARD_INPUT));
      for (Map.Entry<String, String> setting : kafka.settings().entrySet()) {
        config = config.withKafka(setting.getKey(), setting.getValue());
      }
      return config;
    } catch (IllegalArgumentException e) {
      throw new CommandException(e.getMessage(), e);
    }
  }
}
