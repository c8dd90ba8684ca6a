package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dmascope.cli.CommandProcess.Signal;
import io.dmascope.schemas.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code publish --follow} while its broker is killed, comes back, and hangs in the middle of
 * requests until the publisher has cut the connection and sends them again on another.
 */
final class FollowedFileOutageTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration ABSENCE = Duration.ofSeconds(7);
  private static final int PARTITIONS = 1;

  /** How long the publisher waits for an answer before it cuts the connection. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);

  @TempDir Path directory;

  @Test
  void followedFile_losesDoublesAndReordersNothing() throws Exception {
    List<String> lines = MisuseRecording.lines();
    int fifth = lines.size() / 5;
    Path file = directory.resolve("trace.txt");
    Files.write(file, lines.subList(0, fifth));
    try (BrokerProcess broker = BrokerProcess.start(directory.resolve("broker"));
        CommandProcess publish =
            CommandProcess.start(
                directory,
                "publish",
                "-b",
                broker.bootstrapServers(),
                "--partitions",
                "" + PARTITIONS,
                "--kafka",
                "request.timeout.ms=" + REQUEST_TIMEOUT.toMillis(),
                "--capture-id",
                "rig",
                "--follow",
                file.toString());
        PublishedEvents published =
            new PublishedEvents(broker.bootstrapServers(), Topics.DEFAULT, PARTITIONS)) {
      until(() -> published.events().size() > 100);

      long before = published.events().size();
      broker.kill();
      append(file, lines.subList(fifth, 2 * fifth));
      broker.start();
      awaitMoreThan(before, published);

      before = published.events().size();
      broker.kill();
      append(file, lines.subList(2 * fifth, 3 * fifth));
      until(() -> publish.said().contains("Kafka has not answered for"));
      broker.start();
      awaitMoreThan(before, published);
      until(() -> publish.said().contains("Kafka answers again after"));

      before = published.events().size();
      broker.freeze();
      append(file, lines.subList(3 * fifth, 4 * fifth));
      await()
          .during(ABSENCE)
          .atMost(ABSENCE.plus(PATIENCE))
          .until(() -> publish.process().isAlive());
      broker.thaw();
      awaitMoreThan(before, published);

      append(file, lines.subList(4 * fifth, lines.size()));
      until(() -> published.events().size() == MisuseRecording.EVENTS - 1); // all but its end
      assertThat(publish.end(Signal.TERM)).isEqualTo(ExitCode.OK);
      assertThat(publish.said()).contains("1,419 events in ").doesNotContain("\tat ");
      until(() -> published.events().size() >= MisuseRecording.EVENTS);
      assertThat(published.events().stream().mapToLong(event -> event.header().sequence()))
          .containsExactlyElementsOf(LongStream.range(0, MisuseRecording.EVENTS).boxed().toList());
    }
  }

  private static void append(Path file, List<String> lines) throws Exception {
    Files.write(file, lines, StandardOpenOption.APPEND);
  }

  private static void awaitMoreThan(long before, PublishedEvents published) {
    until(() -> published.events().size() > before);
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(condition);
  }
}
