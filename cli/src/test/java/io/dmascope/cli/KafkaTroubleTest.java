package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands say where Kafka is not there or not as they need it. */
final class KafkaTroubleTest {
  /** A port that nothing listens on: the discard service of old. */
  private static final String NOBODY = "127.0.0.1:9";

  private final FakeTerminal shell = new FakeTerminal();

  @ParameterizedTest
  @ValueSource(
      strings = {"publish --patience 1 pom.xml", "replay --patience 1", "findings --patience 1"})
  void brokerThatDoesNotAnswer_isASentence(String command) {
    assertThat(run(command, NOBODY)).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err())
        .contains("no Kafka broker answers [bootstrap=127.0.0.1:9] [waited=1 s]")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"publish pom.xml", "replay", "findings", "serve --port 0"})
  void serverThatIsNoAddress_isASentence(String command) {
    assertThat(run(command, "not an address")).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).startsWith("dmascope: ").hasLineCount(1).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"publish pom.xml", "replay", "findings", "serve"})
  void topicPrefixThatKafkaForbids_isASentence(String command) {
    assertThat(run(command + " --topic-prefix a/b", NOBODY)).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains("topic prefix").hasLineCount(1);
  }

  @Test
  void settingOutOfItsRange_isASentence() {
    assertThat(run("replay --threads 0", NOBODY)).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains("threads must be 1 to 256 [value=0]").hasLineCount(1);
  }

  @Test
  void oneNameForSeveralCaptures_isASentence() {
    assertThat(run("publish --capture-id rig a.txt b.txt", NOBODY)).isEqualTo(ExitCode.UNUSABLE);
    assertThat(shell.err()).contains("--capture-id names one capture").hasLineCount(1);
  }

  private int run(String command, String bootstrapServers) {
    List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
    words.addAll(List.of("-b", bootstrapServers));
    return shell.run(words.toArray(String[]::new));
  }
}
