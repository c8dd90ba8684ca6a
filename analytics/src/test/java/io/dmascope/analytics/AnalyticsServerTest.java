package io.dmascope.analytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.Severity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnalyticsServerTest {
  private static final String HOSTILE = "<img src=x onerror=alert(1)>\u202e\n\"";

  private final AnalyticsState state = new AnalyticsState();
  private final AnalyticsServer server = new AnalyticsServer(0, state);
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws IOException {
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "dmascope.js", "dmascope.css", "icon.svg", "uPlot.iife.min.js"})
  void pageAndItsParts_areServedFromHere(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isNotEmpty();
    assertThat(answer.headers().firstValue("Content-Security-Policy"))
        .hasValue("default-src 'self'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "dmascope.js", "dmascope.css", "uPlot.min.css"})
  void pageAndItsParts_nameNoOtherHost(String path) throws Exception {
    assertThat(get(path).body()).doesNotContain("http://", "https://", "url(//");
  }

  @Test
  void script_neverMakesMarkupOfText() throws Exception {
    assertThat(get("dmascope.js").body())
        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
  }

  @Test
  void summary_tellsCapturesDevicesAndRules() throws Exception {
    SampleFeed feed = new SampleFeed(state, "rig1");
    for (int i = 0; i < 30; i++) {
      feed.step();
    }
    feed.end();

    JsonNode summary = json("api/summary");

    JsonNode capture = summary.at("/captures/0");
    assertThat(capture.at("/capture").textValue()).isEqualTo("rig1");
    assertThat(capture.at("/events").longValue()).isEqualTo(60_001);
    assertThat(capture.at("/ended").booleanValue()).isTrue();
    assertThat(capture.at("/rules/not_checked").intValue()).isEqualTo(1);
    assertThat(capture.at("/findings/error/certain").intValue()).isEqualTo(10);
    assertThat(summary.at("/devices")).hasSize(4);
    assertThat(summary.at("/devices/2/bounces").longValue()).isPositive();
    assertThat(summary.at("/rules/0/rule").textValue()).isEqualTo("DMA-SYN-001");
    assertThat(summary.at("/rules/0/suspect").intValue()).isEqualTo(6);
  }

  @Test
  void findings_afterAnId_areOnlyTheNewerOnes() throws Exception {
    SampleFeed feed = new SampleFeed(state, "rig1");
    for (int i = 0; i < 3; i++) {
      feed.violation("DMA-MAP-00" + i, Severity.ERROR, Confidence.CERTAIN);
    }

    JsonNode answer = json("api/findings?after=2");

    assertThat(answer.at("/last").longValue()).isEqualTo(3);
    assertThat(answer.at("/findings")).hasSize(1);
    assertThat(answer.at("/findings/0/rule").textValue()).isEqualTo("DMA-MAP-002");
    assertThat(answer.at("/findings/0/dma_addr").textValue()).isEqualTo("0x00000000fffff000");
    assertThat(answer.at("/findings/0/related/0/what").textValue()).isEqualTo("mapped here");
  }

  @Test
  void findings_noLongerKept_areCountedAsForgotten() throws Exception {
    SampleFeed feed = new SampleFeed(state, "rig1");
    for (int i = 0; i < 1005; i++) {
      feed.violation("DMA-MAP-001", Severity.ERROR, Confidence.CERTAIN);
    }

    JsonNode answer = json("api/findings?after=0");

    assertThat(answer.at("/forgotten").intValue()).isEqualTo(5);
    assertThat(answer.at("/findings")).hasSize(1000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"after=-1", "after=x", "after=99999999999999999999", "after=%25zz", "max=0"})
  void findings_withAnOddNumber_areAnswered(String query) throws Exception {
    assertThat(get("api/findings?" + query).statusCode()).isEqualTo(200);
  }

  @Test
  void timeline_ofACaptureWithAnOddName_isFound() throws Exception {
    new SampleFeed(state, "a&b=<c> %").step();

    JsonNode answer = json("api/timeline?capture=a%26b%3D%3Cc%3E%20%25");

    assertThat(answer.at("/capture").textValue()).isEqualTo("a&b=<c> %");
    assertThat(answer.at("/devices/0/live_mappings")).hasSize(1);
  }

  @Test
  void hostileNames_stayText() throws Exception {
    SampleFeed feed = new SampleFeed(state, HOSTILE);
    state.violation(
        HOSTILE, feed.violation("DMA-MAP-001", Severity.ERROR, Confidence.CERTAIN, HOSTILE));

    JsonNode answer = json("api/findings");
    String metrics = get("metrics").body();

    assertThat(answer.at("/findings/0/device").textValue()).isEqualTo(HOSTILE);
    assertThat(metrics.lines().filter(line -> line.startsWith("dmascope_findings_total")))
        .singleElement()
        .asString()
        .contains("onerror=alert(1)>\u202e\\n\\\"\"")
        .endsWith(" 1.0");
  }

  @Test
  void metrics_untilCaughtUp_areRefused() throws Exception {
    state.caughtUp(false);
    assertThat(get("metrics").statusCode()).isEqualTo(503);
    assertThat(get("ready").statusCode()).isEqualTo(503);
    assertThat(get("health").statusCode()).isEqualTo(200);

    state.caughtUp(true);
    assertThat(get("metrics").statusCode()).isEqualTo(200);
    assertThat(get("ready").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "../pom.xml", "api/", "api/nothing", "api/timeline", "web/"})
  void unknownAddress_isNotFound(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rules/TEST-000", "rules/TEST-000.md"})
  void rulePage_isServedWithoutTheMarkupItMayHold(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("<h1>TEST-000: a page for the tests</h1>", "<td><code>b</code></td>")
        .doesNotContain("<script");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rules/", "rules/TEST-999", "rules/..%2f..%2fx", "rules/a/b"})
  void rulePage_thatIsNone_isNotFound(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void writing_isRefused() throws Exception {
    HttpRequest post = request("api/summary").POST(BodyPublishers.ofString("x")).build();

    HttpResponse<String> answer = client.send(post, BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
  }

  @ParameterizedTest
  @CsvSource({
    "evil.example, 403",
    "evil.example:80, 403",
    "127.0.0.1.evil.example, 403",
    "localhost:9464, 200",
    "LOCALHOST, 200",
    "[::1]:1, 200"
  })
  void onLoopback_onlyItsOwnNamesAreAnswered(String host, String status) throws Exception {
    URI uri = URI.create(server.url());
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket
          .getOutputStream()
          .write("GET /health HTTP/1.0\r\nHost: %s\r\n\r\n".formatted(host).getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 " + status);
    }
  }

  @Test
  void unknownHost_isSaidInOneSentence() {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("no.such.host", 9464);

    assertThatThrownBy(() -> new AnalyticsServer(nowhere, state).start())
        .isInstanceOf(IOException.class)
        .hasMessage("cannot listen on no.such.host: unknown host");
  }

  @Test
  void portInUse_isSaidInOneSentence() {
    int port = URI.create(server.url()).getPort();

    assertThatThrownBy(() -> new AnalyticsServer(port, state).start())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot listen on ")
        .hasMessageContaining(":" + port + ": ");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(request(path).build(), BodyHandlers.ofString(UTF_8));
  }

  private JsonNode json(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).isEqualTo(200);
    return JsonMapper.builder().build().readTree(answer.body());
  }
}
