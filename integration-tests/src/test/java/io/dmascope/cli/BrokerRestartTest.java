package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dmascope.analytics.AnalyticsConfig;
import io.dmascope.analytics.AnalyticsServer;
import io.dmascope.analytics.AnalyticsService;
import io.dmascope.analytics.AnalyticsState;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.replay.ReplayConfig;
import io.dmascope.replay.ReplayEngine;
import io.dmascope.schemas.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole live road on a broker that is killed and started again on what it had: at once, and
 * after an absence of {@code -DabsenceSeconds}.
 */
final class BrokerRestartTest {
  private static final Duration ABSENCE =
      Duration.ofSeconds(Integer.getInteger("absenceSeconds", 7));
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int PARTITIONS = 1;

  @TempDir Path directory;

  @Test
  void restartedBroker_losesDoublesAndReordersNothing() throws Exception {
    List<String> lines = MisuseRecording.lines();
    int quarter = lines.size() / 4;
    try (BrokerProcess broker = BrokerProcess.start(directory.resolve("broker"));
        LiveCommand publish =
            LiveCommand.start(
                "publish",
                "-b",
                broker.bootstrapServers(),
                "--partitions",
                "" + PARTITIONS,
                "--capture-id",
                "rig",
                "-")) {
      publish.feed(lines.subList(0, quarter));
      ReplayConfig config =
          ReplayConfig.of(broker.bootstrapServers(), directory.resolve("streams"))
              .withTopics(Topics.DEFAULT, PARTITIONS);
      AnalyticsState state = new AnalyticsState();
      try (ReplayEngine engine = ReplayEngine.start(config);
          AnalyticsService service = new AnalyticsService(analytics(broker, config), state);
          AnalyticsServer server = new AnalyticsServer(0, state);
          PublishedEvents published =
              new PublishedEvents(broker.bootstrapServers(), Topics.DEFAULT, PARTITIONS)) {
        Thread.ofPlatform().daemon().start(service);
        server.start();
        until(() -> engine.metrics().events() > 100 && state.caughtUp());

        broker.kill();
        publish.feed(lines.subList(quarter, 2 * quarter));
        broker.start();
        long before = published.events().size();
        until(() -> published.events().size() > before);

        broker.kill();
        publish.feed(lines.subList(2 * quarter, 3 * quarter));
        await()
            .during(ABSENCE)
            .atMost(ABSENCE.plus(PATIENCE))
            .until(() -> !engine.isStopped() && service.failure().isEmpty());
        assertThat(engine.lag()).isEmpty();
        broker.start();
        publish.feed(lines.subList(3 * quarter, lines.size()));
        assertThat(publish.end()).isEqualTo(ExitCode.OK);

        until(() -> engine.metrics().capturesEnded() == 1);
        assertThat(engine.failure()).isEmpty();
        assertThat(engine.metrics().missingEvents()).isZero();
        List<TraceEvent> events = published.events();
        assertThat(events.stream().mapToLong(event -> event.header().sequence()))
            .containsExactlyElementsOf(LongStream.range(0, events.size()).boxed().toList());
        assertThat(publish.out()).contains("1,419 events in ");

        LiveCommand check = LiveCommand.start("check", "--format", "json", "-");
        check.feed(lines);
        int found = check.end();
        LiveCommand findings =
            LiveCommand.start(
                "findings",
                "--format",
                "json",
                "--wait",
                "" + PATIENCE.toSeconds(),
                "-b",
                broker.bootstrapServers());
        assertThat(findings.end()).isEqualTo(found);
        assertThat(findings.out()).isEqualTo(check.out());
        until(() -> occurrences(server) == MisuseRecording.OCCURRENCES);
        assertThat(service.failure()).isEmpty();
      }
    }
  }

  private static AnalyticsConfig analytics(BrokerProcess broker, ReplayConfig config) {
    return new AnalyticsConfig(
        broker.bootstrapServers(), Map.of(), Topics.DEFAULT, Optional.of(config.applicationId()));
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(condition);
  }

  /** Findings that the metrics count, over all devices and rules. */
  private static long occurrences(AnalyticsServer server) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "metrics")).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(request, HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("dmascope_findings_total{"))
          .mapToLong(line -> (long) Double.parseDouble(line.replaceFirst(".* ", "")))
          .sum();
    }
  }
}
