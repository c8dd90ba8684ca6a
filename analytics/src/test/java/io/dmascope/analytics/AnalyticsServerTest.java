package io.dmascope.analytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.Severity;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
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
  @ValueSource(strings = {"", "app.js", "dmascope.css", "icon.svg", "uPlot.iife.min.js"})
  void pageAndItsParts_areServedFromHere(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isNotEmpty();
    assertThat(answer.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy ->
                assertThat(policy).startsWith("default-src 'self';").doesNotContain("unsafe"));
  }

  @Test
  void pageAndItsParts_nameNoOtherHost() throws Exception {
    for (String name : ownFiles()) {
      assertThat(get(name).body()).as(name).doesNotContain("http://", "https://", "url(//");
    }
  }

  @Test
  void scripts_neverMakeMarkupOfText() throws Exception {
    for (String name : ownFiles()) {
      assertThat(get(name).body())
          .as(name)
          .doesNotContain(
              "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
    }
  }

  /** What we wrote; the libraries name their homes. */
  private static List<String> ownFiles() {
    return Stream.of(PageAssets.STYLES, PageAssets.SCRIPTS, List.of(""))
        .flatMap(List::stream)
        .filter(name -> !name.startsWith("htmPreact") && !name.startsWith("uPlot"))
        .toList();
  }

  @Test
  void captures_tellVerdictsByCauseAndByOccurrence() throws Exception {
    SampleFeed feed = new SampleFeed(state, "rig1");
    for (int i = 0; i < 30; i++) {
      feed.step();
    }
    feed.end();

    JsonNode capture = json("api/v1/captures").at("/captures/0");

    assertThat(capture.at("/capture").textValue()).isEqualTo("rig1");
    assertThat(capture.at("/events").longValue()).isEqualTo(60_001);
    assertThat(capture.at("/ended").booleanValue()).isTrue();
    assertThat(capture.at("/rules/not_checked").intValue()).isEqualTo(1);
    assertThat(capture.at("/occurrences").intValue()).isEqualTo(16);
    assertThat(capture.at("/causes/error/certain").intValue()).isEqualTo(4);
    assertThat(capture.at("/causes/warning/suspect").intValue()).isEqualTo(1);
    assertThat(capture.at("/by_rule/4/rule").textValue()).isEqualTo("DMA-SYN-001");
    assertThat(capture.at("/by_rule/4/occurrences").intValue()).isEqualTo(6);
  }

  @Test
  void capture_withAnOddName_isFoundWithItsDevices() throws Exception {
    new SampleFeed(state, "a&b=<c> %").step();

    JsonNode answer = json("api/v1/capture?capture=a%26b%3D%3Cc%3E%20%25");

    assertThat(answer.at("/capture").textValue()).isEqualTo("a&b=<c> %");
    assertThat(answer.at("/devices")).hasSize(4);
    assertThat(answer.at("/devices/0/series/live_mappings")).hasSize(1);
    assertThat(answer.at("/devices/2/bounces").longValue()).isPositive();
  }

  @Test
  void findings_areThoseOfOneCaptureAndOfTheFilter() throws Exception {
    SampleFeed feed = new SampleFeed(state, "rig1");
    for (int i = 1; i < 4; i++) {
      feed.violation("DMA-MAP-00" + i, Severity.ERROR, Confidence.CERTAIN);
    }
    new SampleFeed(state, "rig2").violation("DMA-MAP-001", Severity.ERROR, Confidence.CERTAIN);

    JsonNode all = json("api/v1/findings?capture=rig1");
    JsonNode one = json("api/v1/findings?capture=rig1&rule=DMA-MAP-002");
    JsonNode second = json("api/v1/findings?capture=rig1&offset=1&limit=1");

    assertThat(all.at("/matching").intValue()).isEqualTo(3);
    assertThat(one.at("/findings")).hasSize(1);
    assertThat(one.at("/findings/0/dma_addr").textValue()).isEqualTo("0xfffff000");
    assertThat(one.at("/findings/0/related/0/what").textValue()).isEqualTo("mapped here");
    assertThat(second.at("/findings")).hasSize(1);
    assertThat(second.at("/findings/0/rule").textValue()).isEqualTo("DMA-MAP-002");
    assertThat(second.at("/matching").intValue()).isEqualTo(3);
  }

  @Test
  void aloneNoisyCapture_hidesNoOther() throws Exception {
    SampleFeed noisy = new SampleFeed(state, "noisy");
    new SampleFeed(state, "quiet").violation("DMA-MAP-002", Severity.ERROR, Confidence.CERTAIN);
    for (int i = 0; i < 5_000; i++) {
      noisy.violation("DMA-MAP-001", Severity.ERROR, Confidence.CERTAIN);
    }

    assertThat(json("api/v1/findings?capture=quiet").at("/findings")).hasSize(1);
    assertThat(json("api/v1/findings?capture=noisy").at("/findings/0/count").intValue())
        .isEqualTo(5_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"offset=-1", "offset=x", "limit=99999999999999999999", "limit=%25zz", "limit=0"})
  void findings_withAnOddNumber_areAnswered(String query) throws Exception {
    new SampleFeed(state, "rig1").step();

    assertThat(get("api/v1/findings?capture=rig1&" + query).statusCode()).isEqualTo(200);
  }

  @Test
  void mappings_areThoseOfTheDeviceAndTheRange() throws Exception {
    SampleFeed feed = new SampleFeed(state, "rig1");
    for (int i = 0; i < 20; i++) {
      feed.step();
    }

    JsonNode all = json("api/v1/mappings?capture=rig1");
    JsonNode one = json("api/v1/mappings?capture=rig1&device=0000:00:03.0");
    JsonNode none = json("api/v1/mappings?capture=rig1&device=nobody");
    JsonNode few = json("api/v1/mappings?capture=rig1&limit=10");

    assertThat(all.at("/matching").intValue()).isEqualTo(80);
    assertThat(one.at("/matching").intValue()).isEqualTo(20);
    assertThat(none.at("/matching").intValue()).isZero();
    assertThat(few.at("/device")).hasSize(10);
    assertThat(few.at("/mapped_offset_ns")).hasSize(10);
  }

  @Test
  void changes_areToldAsTheyCome() throws Exception {
    HttpRequest request = request("api/v1/changes").build();
    HttpResponse<InputStream> stream = client.send(request, BodyHandlers.ofInputStream());
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), UTF_8))) {
      assertThat(stream.headers().firstValue("Content-Type")).hasValue("text/event-stream");
      String first = lines.readLine();
      new SampleFeed(state, "rig1").step();
      lines.readLine(); // the blank line that ends an event

      assertThat(first).startsWith("data: ");
      assertThat(lines.readLine()).startsWith("data: ").isNotEqualTo(first);
    }
  }

  @Test
  void unchangedDocument_isNotSentAgain() throws Exception {
    String tag = get("api/v1/rules").headers().firstValue("ETag").orElseThrow();

    HttpRequest again = request("api/v1/rules").header("If-None-Match", tag).build();

    assertThat(client.send(again, BodyHandlers.ofString()).statusCode()).isEqualTo(304);
  }

  @Test
  void largeDocument_isCompressedForWhoReadsThat() throws Exception {
    HttpRequest request = request("api/v1/rules").header("Accept-Encoding", "gzip").build();
    HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());

    assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
    try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
      assertThat(plain.readAllBytes()).isEqualTo(get("api/v1/rules").body().getBytes(UTF_8));
    }
  }

  @Test
  void hostileNames_stayText() throws Exception {
    SampleFeed feed = new SampleFeed(state, HOSTILE);
    state.violation(
        HOSTILE, feed.violation("DMA-MAP-001", Severity.ERROR, Confidence.CERTAIN, HOSTILE));

    JsonNode answer = json("api/v1/findings?capture=" + URLEncoder.encode(HOSTILE, UTF_8));
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
  @ValueSource(
      strings = {
        "nothing",
        "../pom.xml",
        "api/",
        "api/v1/",
        "api/v1/nothing",
        "api/v1/capture",
        "web/"
      })
  void unknownAddress_isNotFound(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void rulePage_isServedWithoutTheMarkupItMayHold() throws Exception {
    JsonNode answer = json("api/v1/rule?rule=TEST-000");

    assertThat(answer.at("/html").textValue())
        .contains("<h1>TEST-000: a page for the tests</h1>", "<td><code>b</code></td>")
        .doesNotContain("<script");
  }

  @ParameterizedTest
  @CsvSource({
    "rules/TEST-000, ../#/rules?rule=TEST-000",
    "rules/TEST-000.md, ../#/rules?rule=TEST-000",
    "rules/, ../#/rules"
  })
  void shortAddressOfARule_leadsToItsView(String path, String view) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().firstValue("Location")).hasValue(view);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rules/TEST-999", "rules/..%2f..%2fx", "rules/a/b"})
  void ruleThatIsNone_isNotFound(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void writing_isRefused() throws Exception {
    HttpRequest post = request("api/v1/captures").POST(BodyPublishers.ofString("x")).build();

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
