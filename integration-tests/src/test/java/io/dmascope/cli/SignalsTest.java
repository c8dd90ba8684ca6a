package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dmascope.cli.CommandProcess.Signal;
import io.dmascope.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C and SIGTERM, sent to commands that run in processes of their own. */
final class SignalsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final AtomicInteger TESTS = new AtomicInteger();

  @TempDir static Path brokerDirectory;
  private static BrokerProcess broker;

  private final Topics topics = new Topics("signals-" + TESTS.incrementAndGet() + ".");

  @TempDir Path directory;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = BrokerProcess.start(brokerDirectory);
  }

  @AfterAll
  static void stopBroker() throws Exception {
    broker.close();
  }

  @Test
  void liveCapture_isEndedAndStored() throws Exception {
    CommandProcess publish = onKafka("publish", "-");
    publish.feed(MisuseRecording.lines());
    awaitEvents();

    assertThat(publish.end(Signal.TERM)).isEqualTo(ExitCode.OK);
    assertThat(publish.said()).contains("1,419 events in ");
    assertThat(replayToTheEnd()).contains("replayed 1,419 events of 1 captures to their end");
  }

  @Test
  void followedFile_isEndedAndStored() throws Exception {
    Path file = directory.resolve("trace.txt");
    Files.write(file, MisuseRecording.lines());
    CommandProcess publish = onKafka("publish", "--follow", file.toString());
    awaitEvents();

    assertThat(publish.end(Signal.INT)).isEqualTo(ExitCode.OK);
    assertThat(replayToTheEnd()).contains("replayed 1,419 events of 1 captures to their end");
  }

  @Test
  void engineAndServer_endWithSuccess() throws Exception {
    CommandProcess replay =
        onKafka("replay", "--state-dir", directory.resolve("streams").toString());
    CommandProcess serve = onKafka("serve", "--port", "0");
    CommandProcess publish = onKafka("publish", "-");
    publish.feed(MisuseRecording.lines());
    awaitEvents();
    await().atMost(PATIENCE).until(() -> serve.said().contains("Metrics"));

    assertThat(publish.end(Signal.INT)).isEqualTo(ExitCode.OK);
    assertThat(serve.end(Signal.TERM)).isEqualTo(ExitCode.OK);
    assertThat(replay.end(Signal.TERM)).isEqualTo(ExitCode.OK);
    assertThat(replay.said()).contains("replayed ").contains(" violations");
    assertThat(CommandProcess.temporary(directory)).isEmptyDirectory();
  }

  @Test
  void demoThatOnlyBegan_leavesNothingBehind() throws Exception {
    CommandProcess demo = start("demo", "--port", "0");
    await().atMost(PATIENCE).until(() -> demo.said().contains("dmascope demo"));

    assertThat(demo.end(Signal.TERM)).isEqualTo(ExitCode.OK);
    assertThat(demo.said()).doesNotContain("unexpected", "\tat ");
    assertThat(CommandProcess.temporary(directory)).isEmptyDirectory();
  }

  @Test
  void absentBroker_isGivenUpWithASentence() throws Exception {
    Path elsewhere = directory.resolve("broker");
    try (BrokerProcess absent = BrokerProcess.start(elsewhere)) {
      CommandProcess publish =
          start("publish", "-b", absent.bootstrapServers(), "--partitions", "1", "-");
      List<String> lines = MisuseRecording.lines();
      publish.feed(lines.subList(0, 700));
      try (PublishedEvents published =
          new PublishedEvents(absent.bootstrapServers(), Topics.DEFAULT, 1)) {
        await().atMost(PATIENCE).until(() -> published.events().size() > 100);
      }
      absent.kill();
      publish.feed(lines.subList(700, lines.size()));

      assertThat(publish.end(Signal.TERM)).isEqualTo(ExitCode.UNUSABLE);
      assertThat(publish.said())
          .contains("publishing was interrupted before Kafka had stored everything")
          .contains("the same command with the same input goes on where it ended");
    }
  }

  @Test
  void checkOfStandardInput_reportsWhatHadCome() throws Exception {
    CommandProcess check = start("check", "-");
    // More than a pipe holds: once it is written, the first findings have been read.
    check.feed(MisuseRecording.lines());

    assertThat(check.end(Signal.INT)).isEqualTo(ExitCode.FINDINGS);
    assertThat(check.said())
        .contains("error[DMA-MAP-001]: unmaps what is already unmapped")
        .contains("dmascope: check: interrupted; what had come until then was checked");
  }

  private CommandProcess onKafka(String command, String... more) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(command, "-b", broker.bootstrapServers(), "--topic-prefix", topics.prefix()));
    if (!command.equals("serve")) {
      words.addAll(List.of("--partitions", "1"));
    }
    words.addAll(List.of(more));
    return start(words.toArray(String[]::new));
  }

  private CommandProcess start(String... words) throws IOException {
    return CommandProcess.start(directory, words);
  }

  private void awaitEvents() throws Exception {
    try (PublishedEvents published = new PublishedEvents(broker.bootstrapServers(), topics, 1)) {
      await().atMost(PATIENCE).ignoreExceptions().until(() -> published.events().size() > 1000);
    }
  }

  /** Replays all that was published, in this process, and returns what the engine said. */
  private String replayToTheEnd() throws Exception {
    try (LiveCommand replay =
        LiveCommand.start(
            "replay",
            "-b",
            broker.bootstrapServers(),
            "--topic-prefix",
            topics.prefix(),
            "--partitions",
            "1",
            "--until-idle",
            "--application-id",
            topics.prefix() + "engine",
            "--state-dir",
            directory.resolve("streams").toString())) {
      replay.end();
      return replay.out();
    }
  }
}
