package io.dmascope.cli;

import io.dmascope.schemas.RunName;
import io.dmascope.schemas.Topics;
import io.dmascope.schemas.runs.RunRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where Kafka is; shared by the commands that talk to it. */
final class KafkaOptions {
  private static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(15);

  @Option(
      names = {"-b", "--bootstrap-server"},
      paramLabel = "HOST:PORT",
      defaultValue = "${env:DMASCOPE_BOOTSTRAP_SERVER:-localhost:9092}",
      description =
          "Kafka brokers, several separated by commas. Default: $DMASCOPE_BOOTSTRAP_SERVER, else"
              + " localhost:9092.")
  private String bootstrapServers;

  @Option(
      names = "--topic-prefix",
      paramLabel = "PREFIX",
      defaultValue = "dmascope.",
      description = "What the names of all topics begin with. Default: dmascope.")
  private String topicPrefix;

  @Option(
      names = "--kafka",
      paramLabel = "KEY=VALUE",
      description = "A setting of Kafka's clients by its own name, such as those for TLS.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description =
          "How long to wait for Kafka at the start. Default: 15; who follows live events waits as"
              + " long as it takes, and says so.")
  private Integer patienceSeconds;

  /** Whether a command that follows live events gives up waiting for Kafka some time. */
  boolean patienceEnds() {
    return patienceSeconds != null;
  }

  Duration patience() {
    if (patienceSeconds == null) {
      return DEFAULT_PATIENCE;
    }
    if (patienceSeconds < 1) {
      throw new CommandException("--patience is at least 1 second, not " + patienceSeconds);
    }
    return Duration.ofSeconds(patienceSeconds);
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  Map<String, String> settings() {
    return settings;
  }

  /** The settings of a client of Kafka. */
  Map<String, String> connection() {
    Map<String, String> connection = new LinkedHashMap<>(settings);
    connection.put("bootstrap.servers", bootstrapServers);
    return connection;
  }

  /**
   * The topics of a run.
   *
   * @throws CommandException where there is no such run
   */
  Topics topicsOf(String run) {
    Topics live = topics();
    RunName name = runName(run);
    if (!name.isLive() && new RunRegistry(connection(), live, patience()).run(name).isEmpty()) {
      throw new CommandException("there is no run " + run + "; dmascope runs lists them");
    }
    return live.of(name);
  }

  /** Reads the name of a run. */
  static RunName runName(String run) {
    try {
      return new RunName(run);
    } catch (IllegalArgumentException e) {
      throw new CommandException(e.getMessage(), e);
    }
  }

  Topics topics() {
    try {
      return new Topics(topicPrefix);
    } catch (IllegalArgumentException e) {
      throw new CommandException(e.getMessage(), e);
    }
  }
}
