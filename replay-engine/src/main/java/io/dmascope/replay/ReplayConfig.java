package io.dmascope.replay;

import io.dmascope.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How an engine runs. Engines with the same {@code applicationId} share the captures among them.
 *
 * @param bootstrapServers Kafka's {@code host:port} list
 * @param applicationId names the group of engines and the progress they made
 * @param topics names of the topics
 * @param partitions of topics that have to be created
 * @param threads that replay captures in this process, at least 1
 * @param commitInterval how long findings wait before others may see them, 10 ms to 30 s
 * @param stateDir where Kafka Streams keeps its locks; the state itself is in memory and in Kafka
 * @param mappings whether closed mappings are published
 * @param patience how long to wait for Kafka at the start
 * @param kafka further Kafka Streams settings by their own names, e.g. for security; they win
 */
public record ReplayConfig(
    String bootstrapServers,
    String applicationId,
    Topics topics,
    int partitions,
    int threads,
    Duration commitInterval,
    Path stateDir,
    boolean mappings,
    Duration patience,
    Map<String, String> kafka) {

  public static final int PARTITIONS = 8;

  /** Must be well below the time after which a broker gives up on a transaction. */
  private static final Duration COMMIT_INTERVAL_MAX = Duration.ofSeconds(30);

  private static final Duration COMMIT_INTERVAL_MIN = Duration.ofMillis(10);

  public ReplayConfig {
    Objects.requireNonNull(topics, "topics");
    Objects.requireNonNull(stateDir, "stateDir");
    check(!bootstrapServers.isBlank(), "bootstrapServers", bootstrapServers, "host:port[,...]");
    check(
        applicationId.matches("[a-zA-Z0-9._-]{1,100}"),
        "applicationId",
        applicationId,
        "1 to 100 letters, digits, dots, underscores, hyphens");
    check(partitions >= 1 && partitions <= 1000, "partitions", partitions, "1 to 1000");
    check(threads >= 1 && threads <= 256, "threads", threads, "1 to 256");
    check(
        commitInterval.compareTo(COMMIT_INTERVAL_MIN) >= 0
            && commitInterval.compareTo(COMMIT_INTERVAL_MAX) <= 0,
        "commitInterval",
        commitInterval,
        "10 ms to 30 s");
    check(patience.toMillis() >= 1, "patience", patience, "a positive time");
    kafka = Map.copyOf(kafka);
  }

  /** The usual engine: one thread, findings visible after at most a second or so. */
  public static ReplayConfig of(String bootstrapServers, Path stateDir) {
    return new ReplayConfig(
        bootstrapServers,
        "dmascope-replay",
        Topics.DEFAULT,
        PARTITIONS,
        1,
        Duration.ofSeconds(1),
        stateDir,
        true,
        Duration.ofSeconds(30),
        Map.of());
  }

  public ReplayConfig withApplicationId(String newApplicationId) {
    return new ReplayConfig(
        bootstrapServers,
        newApplicationId,
        topics,
        partitions,
        threads,
        commitInterval,
        stateDir,
        mappings,
        patience,
        kafka);
  }

  public ReplayConfig withTopics(Topics newTopics, int newPartitions) {
    return new ReplayConfig(
        bootstrapServers,
        applicationId,
        newTopics,
        newPartitions,
        threads,
        commitInterval,
        stateDir,
        mappings,
        patience,
        kafka);
  }

  public ReplayConfig withThreads(int newThreads) {
    return new ReplayConfig(
        bootstrapServers,
        applicationId,
        topics,
        partitions,
        newThreads,
        commitInterval,
        stateDir,
        mappings,
        patience,
        kafka);
  }

  public ReplayConfig withCommitInterval(Duration newCommitInterval) {
    return new ReplayConfig(
        bootstrapServers,
        applicationId,
        topics,
        partitions,
        threads,
        newCommitInterval,
        stateDir,
        mappings,
        patience,
        kafka);
  }

  public ReplayConfig withMappings(boolean newMappings) {
    return new ReplayConfig(
        bootstrapServers,
        applicationId,
        topics,
        partitions,
        threads,
        commitInterval,
        stateDir,
        newMappings,
        patience,
        kafka);
  }

  public ReplayConfig withPatience(Duration newPatience) {
    return new ReplayConfig(
        bootstrapServers,
        applicationId,
        topics,
        partitions,
        threads,
        commitInterval,
        stateDir,
        mappings,
        newPatience,
        kafka);
  }

  /** Adds a Kafka setting. */
  public ReplayConfig withKafka(String key, String value) {
    Map<String, String> more = new HashMap<>(kafka);
    more.put(key, value);
    return new ReplayConfig(
        bootstrapServers,
        applicationId,
        topics,
        partitions,
        threads,
        commitInterval,
        stateDir,
        mappings,
        patience,
        more);
  }

  private static void check(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "%s must be %s [value=%s]".formatted(name, expected, value));
    }
  }
}
