package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dmascope.cli.broker.EmbeddedBroker;
import io.dmascope.replay.ReplayConfig;
import io.dmascope.replay.ReplayEngine;
import io.dmascope.schemas.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a rig says goes on at once, though nothing follows it. How fast that is {@link LatencyBench}
 * measures; these tests only hold that it needs no further input.
 */
final class LiveLatencyTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int PARTITIONS = 1;
  private static final AtomicInteger TESTS = new AtomicInteger();

  private static EmbeddedBroker broker;

  private final Topics topics = new Topics("latency-" + TESTS.incrementAndGet() + ".");
  private final List<String> maps;

  @TempDir Path directory;

  LiveLatencyTest() throws Exception {
    maps = MisuseRecording.maps();
  }

  @BeforeAll
  static void startBroker() throws Exception {
    broker = EmbeddedBroker.startTemporary();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void singleLine_reachesTheTopicWithoutAnotherBehindIt() throws Exception {
    try (LiveCommand publish = publish("-");
        PublishedEvents published = published()) {
      publish.feed(MisuseRecording.header());
      for (int line = 0; line < 3; line++) {
        int events = line + 2; // the start of the capture is one, too
        publish.feed(maps.subList(line, line + 1));
        until(() -> published.events().size() == events);
      }
      assertThat(publish.end()).isEqualTo(ExitCode.OK);
    }
  }

  @Test
  void singleLineOfAFollowedFile_reachesTheTopicWithoutAnotherBehindIt() throws Exception {
    Path file = directory.resolve("trace.txt");
    Files.write(file, maps.subList(0, 1));
    try (LiveCommand _ = publish("--follow", file.toString());
        PublishedEvents published = published()) {
      until(() -> published.events().size() == 2);
      Files.write(file, maps.subList(1, 2), StandardOpenOption.APPEND);
      until(() -> published.events().size() == 3);
    }
  }

  @Test
  void finding_isSeenWhileTheCaptureGoesOn() throws Exception {
    ReplayConfig config =
        ReplayConfig.of(broker.bootstrapServers(), directory).withTopics(topics, PARTITIONS);
    try (LiveCommand publish = publish("-");
        ReplayEngine _ = ReplayEngine.start(config)) {
      publish.feed(MisuseRecording.lines().subList(0, MisuseRecording.LINES_TO_THE_FIRST_FINDING));
      until(() -> findings().contains("error[DMA-MAP-001]: unmaps what is already unmapped"));
    }
  }

  private String findings() throws Exception {
    try (LiveCommand findings =
        LiveCommand.start(
            "findings", "-b", broker.bootstrapServers(), "--topic-prefix", topics.prefix())) {
      findings.end();
      return findings.out();
    }
  }

  private LiveCommand publish(String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("publish", "-b", broker.bootstrapServers(), "--partitions", "" + PARTITIONS));
    command.addAll(List.of("--topic-prefix", topics.prefix()));
    command.addAll(List.of(more));
    return LiveCommand.start(command.toArray(String[]::new));
  }

  private PublishedEvents published() {
    return new PublishedEvents(broker.bootstrapServers(), topics, PARTITIONS);
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
  }
}
