package io.dmascope.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Asks the real Prometheus and its promtool. */
class PrometheusTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path directory;

  @BeforeEach
  void needsPrometheus() {
    Programs.assumeInstalled("prometheus", "prometheus");
    Programs.assumeInstalled("promtool", "prometheus");
  }

  @ParameterizedTest
  @CsvSource({
    "check, config, prometheus.yml",
    "check, rules, prometheus-rules.yml",
    "test, rules, prometheus-rules.test.yml"
  })
  void promtool_isContent(String verb, String kind, String file) throws Exception {
    Programs.assertContent(Dashboards.DIRECTORY, "promtool", verb, kind, file);
  }

  @Test
  void promtool_isContentWithWhatTheExporterShows() throws Exception {
    AnalyticsState state = new AnalyticsState();
    SampleFeed feed = new SampleFeed(state, "rig1");
    feed.step();
    feed.end();
    Path metrics = directory.resolve("metrics.txt");
    try (AnalyticsServer server = new AnalyticsServer(0, state);
        HttpClient client = HttpClient.newHttpClient()) {
      server.start();
      URI uri = URI.create(server.url() + "metrics");
      client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofFile(metrics));
    }

    Programs.assertContentWith(metrics, "promtool", "check", "metrics");
  }

  @Test
  void prometheus_scrapesTheExporterAndAnswersEveryPanel() throws Exception {
    AnalyticsState state = new AnalyticsState();
    SampleFeed feed = new SampleFeed(state, "rig1");
    feed.end();
    state.replayLag(3);
    state.expect("dmascope.violations", "dmascope.events");
    int port = freePort();
    try (AnalyticsServer server = new AnalyticsServer(0, state);
        HttpClient client = HttpClient.newHttpClient()) {
      server.start();
      Process prometheus = startPrometheus(port, URI.create(server.url()).getAuthority());
      try {
        List<Dashboards.Query> unanswered = new ArrayList<>(Dashboards.panelQueries());
        await()
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(250))
            .untilAsserted(
                () -> {
                  feed.step();
                  state.consumed("dmascope.violations");
                  assertThat(prometheus.isAlive()).isTrue();
                  unanswered.removeIf(query -> isAnswered(client, port, query));
                  assertThat(unanswered).isEmpty();
                });
      } finally {
        prometheus.destroy();
        prometheus.waitFor(10, TimeUnit.SECONDS);
      }
    }
  }

  private Process startPrometheus(int port, String target) throws IOException {
    Path config = directory.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 250ms, scrape_timeout: 250ms}
        scrape_configs:
          - job_name: dmascope
            static_configs: [{targets: ["%s"]}]
        """
            .formatted(target));
    return new ProcessBuilder(
            "prometheus",
            "--config.file=" + config,
            "--storage.tsdb.path=" + directory.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("prometheus.log").toFile())
        .start();
  }

  /** True where the query, as Grafana would send it, brings at least one series. */
  private static boolean isAnswered(HttpClient client, int port, Dashboards.Query query) {
    String expr =
        query
            .expr()
            .replace("$capture", ".*")
            .replace("$device", ".*")
            .replace("$__rate_interval", "3s");
    URI uri =
        URI.create(
            "http://127.0.0.1:%d/api/v1/query?query=%s"
                .formatted(port, URLEncoder.encode(expr, StandardCharsets.UTF_8)));
    try {
      var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      if (answer.statusCode() == 503) {
        return false; // still starting
      }
      assertThat(answer.statusCode()).as("%s: %s", query, answer.body()).isEqualTo(200);
      JsonNode result = JSON.readTree(answer.body()).at("/data/result");
      return !result.isEmpty() && !result.toString().contains("NaN");
    } catch (IOException e) {
      return false; // not listening yet
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while asking Prometheus", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
