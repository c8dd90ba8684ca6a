package io.dmascope.schemas;

import java.util.Map;

/**
 * How a topic is created where it does not exist yet.
 *
 * @param config Kafka's topic settings by their own names
 */
public record TopicSettings(String name, int partitions, Map<String, String> config) {
  public TopicSettings {
    config = Map.copyOf(config);
  }
}
