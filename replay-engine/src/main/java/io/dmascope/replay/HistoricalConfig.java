package io.dmascope.replay;

import io.dmascope.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * How a replay of what was published runs.
 *
 * @param bootstrapServers Kafka's {@code host:port} list
 * @param kafka further settings of Kafka's clients by their own names
 * @param topics those of the replay, not of the live run
 * @param settings what was asked for, by option: the same again goes on with the same replay
 * @param captures ids of those that are replayed
 * @param conclusions which findings, mappings and summaries are written
 * @param pace how fast
 * @param mappings whether closed mappings are written
 * @param commitInterval how long findings wait before others may see them
 * @param patience how long to wait for Kafka at the start
 */
public record HistoricalConfig(
    String bootstrapServers,
    Map<String, String> kafka,
    Topics topics,
    Map<String, String> settings,
    Set<String> captures,
    Conclusions.Choice conclusions,
    Pace pace,
    boolean mappings,
    Duration commitInterval,
    Duration patience) {

  public HistoricalConfig {
    kafka = Map.copyOf(kafka);
    settings = Map.copyOf(settings);
    captures = Set.copyOf(captures);
    if (topics.run().isLive()) {
      throw new IllegalArgumentException("a replay needs a name of its own, other than live");
    }
  }

  /** Consumer group and transactional id of the replay: who takes it fences who had it. */
  public String group() {
    return groupOf(topics);
  }

  /** The group of the replay that writes on these topics. */
  public static String groupOf(Topics topics) {
    return topics.prefix() + "run." + topics.run().name();
  }
}
