package io.dmascope.schemas;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ClusterTopicsTest {
  @Test
  void create_whereNobodyListens_saysSoInOneSentence() {
    assertThatThrownBy(() -> create("127.0.0.1:1"))
        .isInstanceOf(KafkaUnavailableException.class)
        .hasMessage("no Kafka broker answers [bootstrap=127.0.0.1:1] [waited=1 s]");
  }

  @Test
  void create_atAnUnknownHost_saysSoInOneSentence() {
    assertThatThrownBy(() -> create("no-such-host.invalid:9092"))
        .isInstanceOf(KafkaUnavailableException.class)
        .hasMessageStartingWith("cannot use these Kafka servers")
        .hasMessageContaining("[bootstrap=no-such-host.invalid:9092]");
  }

  private static void create(String bootstrapServers) {
    ClusterTopics.create(
        Map.of("bootstrap.servers", bootstrapServers),
        List.<TopicSettings>of(new TopicSettings("t", 1, Map.of())),
        Duration.ofSeconds(1));
  }
}
