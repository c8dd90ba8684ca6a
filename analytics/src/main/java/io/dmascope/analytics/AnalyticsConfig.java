package io.dmascope.analytics;

import io.dmascope.schemas.Topics;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where {@link AnalyticsService} reads.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param client further settings of Kafka's clients, such as those for TLS; what the service itself
 *     depends on cannot be changed
 * @param topics names of the topics
 * @param engineGroup the replay engine's {@code application.id}, to measure how far it is behind;
 *     empty where that is of no interest
 */
public record AnalyticsConfig(
    String bootstrapServers,
    Map<String, String> client,
    Topics topics,
    Optional<String> engineGroup) {

  public AnalyticsConfig {
    client = Map.copyOf(client);
    Objects.requireNonNull(topics, "topics");
    Objects.requireNonNull(engineGroup, "engineGroup");
    if (bootstrapServers.isBlank()) {
      throw new IllegalArgumentException("bootstrapServers names no broker");
    }
  }
}
