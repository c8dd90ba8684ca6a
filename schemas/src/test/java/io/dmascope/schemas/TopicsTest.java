package io.dmascope.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TopicsTest {
  @Test
  void everyTopic_hasSettings() {
    assertThat(Topics.DEFAULT.settings(8).stream().map(TopicSettings::name))
        .containsExactlyInAnyOrder(
            "dmascope.events",
            "dmascope.captures",
            "dmascope.violations",
            "dmascope.mappings",
            "dmascope.summaries",
            "dmascope.quarantine");
  }

  @Test
  void whatIsKeptApart_hasItsOwnKey() {
    assertThat(Topics.captureInfoKey("rig")).isNotEqualTo(Topics.captureResultKey("rig"));
    assertThat(Topics.summaryKey("a/b", "c")).isNotEqualTo(Topics.summaryKey("a", "b/c"));
  }

  @Test
  void prefixThatKafkaRefuses_isRefusedHere() {
    assertThatThrownBy(() -> new Topics("lab 1."))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[prefix=lab 1.]");
  }
}
