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
            "dmascope.quarantine",
            "dmascope.runs");
  }

  @Test
  void replay_writesOnNoTopicOfTheLiveRun() {
    Topics replay = Topics.DEFAULT.of(new RunName("june"));

    assertThat(replay.replaySettings().stream().map(TopicSettings::name))
        .contains("dmascope.run.june.violations")
        .allMatch(name -> name.startsWith("dmascope.run.june."));
    assertThat(replay.events()).isEqualTo(Topics.DEFAULT.events());
    assertThat(replay.of(RunName.LIVE)).isEqualTo(Topics.DEFAULT);
  }

  @Test
  void runNameThatIsNoPartOfATopic_isRefused() {
    assertThatThrownBy(() -> new RunName("june/2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[name=june/2]");
    assertThatThrownBy(() -> new RunName("a.b")).isInstanceOf(IllegalArgumentException.class);
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
