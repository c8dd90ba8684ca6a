package io.dmascope.analytics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * Serves {@code /metrics} to Prometheus, the JSON API under {@code /api/} and the live page, all
 * from one {@link AnalyticsState}. Nothing is fetched from elsewhere and nothing can be changed
 * through it.
 */
public final class AnalyticsServer implements AutoCloseable {
  private static final int FINDINGS_PER_ANSWER_MAX = 1000;
  private static final String JSON = "application/json; charset=utf-8";
  private static final String TEXT = "text/plain; charset=utf-8";

  private static final Set<String> READING = Set.of("GET", "HEAD");
  private static final Pattern LOOPBACK_HOST =
      Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?", Pattern.CASE_INSENSITIVE);

  private record Asset(String resource, String contentType) {}

  private static final Map<String, Asset> ASSETS =
      Map.of(
          "/", new Asset("index.html", "text/html; charset=utf-8"),
          "/dmascope.css", new Asset("dmascope.css", "text/css; charset=utf-8"),
          "/dmascope.js", new Asset("dmascope.js", "text/javascript; charset=utf-8"),
          "/icon.svg", new Asset("icon.svg", "image/svg+xml"),
          "/uPlot.min.css", new Asset("uPlot.min.css", "text/css; charset=utf-8"),
          "/uPlot.iife.min.js", new Asset("uPlot.iife.min.js", "text/javascript; charset=utf-8"),
          "/uPlot.LICENSE.txt", new Asset("uPlot.LICENSE.txt", TEXT));

  private final InetSocketAddress address;
  private final AnalyticsState state;
  private Optional<Running> running = Optional.empty();

  private record Running(HttpServer server, ExecutorService executor) {}

  /**
   * @param port TCP port on the loopback interface; 0 picks a free one
   */
  public AnalyticsServer(int port, AnalyticsState state) {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), state);
  }

  /**
   * @param address where to listen; anybody who can reach it can read what the captures hold
   */
  public AnalyticsServer(InetSocketAddress address, AnalyticsState state) {
    this.address = address;
    this.state = state;
  }

  /**
   * Starts serving; returns when requests are answered.
   *
   * @throws IOException where the port cannot be had; the message says which and why
   */
  public synchronized void start() throws IOException {
    if (running.isPresent()) {
      throw new IllegalStateException("already started");
    }
    HttpServer server = bind();
    PrometheusRegistry registry = new PrometheusRegistry();
    registry.register(new MetricsCollector(state));
    JvmMetrics.builder().register(registry);
    HttpHandler metrics = new MetricsHandler(registry);
    server.createContext("/metrics", guarded(exchange -> serveMetrics(exchange, metrics)));
    server.createContext("/api/", guarded(this::serveApi));
    server.createContext("/health", guarded(exchange -> answer(exchange, 200, TEXT, "ok\n")));
    server.createContext("/ready", guarded(this::serveReady));
    server.createContext("/rules/", guarded(AnalyticsServer::serveRulePage));
    server.createContext("/", guarded(AnalyticsServer::serveAsset));
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(executor);
    server.start();
    running = Optional.of(new Running(server, executor));
  }

  private HttpServer bind() throws IOException {
    if (address.isUnresolved()) {
      throw new IOException("cannot listen on %s: unknown host".formatted(address.getHostString()));
    }
    try {
      return HttpServer.create(address, 0);
    } catch (BindException e) {
      throw new IOException(
          "cannot listen on %s:%d: %s"
              .formatted(address.getHostString(), address.getPort(), e.getMessage()),
          e);
    }
  }

  /** The page's address, e.g. {@code http://127.0.0.1:9464/}; only while started. */
  public synchronized String url() {
    InetSocketAddress bound =
        running.orElseThrow(() -> new IllegalStateException("not started")).server().getAddress();
    InetAddress host = bound.getAddress();
    String name = host.isAnyLocalAddress() ? "localhost" : host.getHostAddress();
    return "http://%s:%d/".formatted(name.contains(":") ? "[" + name + "]" : name, bound.getPort());
  }

  @Override
  public synchronized void close() {
    running.ifPresent(
        started -> {
          started.server().stop(0);
          started.executor().shutdownNow(); // a slow reader must not hold us up
        });
    running = Optional.empty();
  }

  /** Refuses what is no plain reading by somebody who was let in, and says so. */
  private HttpHandler guarded(HttpHandler handler) {
    return exchange -> {
      try (exchange) {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Security-Policy", "default-src 'self'");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Cache-Control", "no-cache");
        if (!isForUs(exchange)) {
          answer(exchange, 403, TEXT, "this address is answered under its own name only\n");
        } else if (!READING.contains(exchange.getRequestMethod())) {
          headers.set("Allow", "GET, HEAD");
          answer(exchange, 405, TEXT, "only GET and HEAD are answered here\n");
        } else {
          handler.handle(exchange);
        }
      }
    };
  }

  /**
   * On the loopback interface only this machine's own names are answered: a page from elsewhere,
   * whose name was made to lead here, could otherwise read along in a browser.
   */
  private boolean isForUs(HttpExchange exchange) {
    String host = exchange.getRequestHeaders().getFirst("Host");
    return !address.getAddress().isLoopbackAddress()
        || host == null
        || LOOPBACK_HOST.matcher(host).matches();
  }

  private void serveMetrics(HttpExchange exchange, HttpHandler metrics) throws IOException {
    if (state.caughtUp()) {
      metrics.handle(exchange);
    } else {
      serveReady(exchange);
    }
  }

  private void serveReady(HttpExchange exchange) throws IOException {
    if (state.caughtUp()) {
      answer(exchange, 200, TEXT, "ready\n");
    } else {
      exchange.getResponseHeaders().set("Retry-After", "1");
      answer(exchange, 503, TEXT, "still reading what the topics held at the start\n");
    }
  }

  private void serveApi(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getRawQuery();
    Optional<ObjectNode> answer =
        switch (exchange.getRequestURI().getPath()) {
          case "/api/summary" ->
              Optional.of(state.read(s -> ApiJson.summary(s, System.nanoTime())));
          case "/api/findings" -> {
            long after = number(parameter(query, "after"), 0);
            long max = number(parameter(query, "max"), FINDINGS_PER_ANSWER_MAX);
            int bounded = Math.clamp(max, 1, FINDINGS_PER_ANSWER_MAX);
            yield Optional.of(state.read(s -> ApiJson.findings(s, after, bounded)));
          }
          case "/api/timeline" ->
              parameter(query, "capture")
                  .flatMap(capture -> state.read(s -> ApiJson.timeline(s, capture)));
          default -> Optional.empty();
        };
    if (answer.isPresent()) {
      answer(exchange, 200, JSON, ApiJson.bytes(answer.get()));
    } else {
      answer(exchange, 404, JSON, "{\"error\":\"there is nothing at this address\"}\n");
    }
  }

  /** The first value of a query parameter; empty where it is absent or badly escaped. */
  private static Optional<String> parameter(String rawQuery, String name) {
    if (rawQuery == null) {
      return Optional.empty();
    }
    for (String pair : rawQuery.split("&", -1)) {
      if (pair.startsWith(name + "=")) {
        return decoded(pair.substring(name.length() + 1));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> decoded(String text) {
    try {
      return Optional.of(URLDecoder.decode(text, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // a stray percent sign names nothing that we have
    }
  }

  private static long number(Optional<String> text, long otherwise) {
    return text.filter(digits -> digits.matches("\\d{1,18}"))
        .map(Long::parseLong)
        .orElse(otherwise);
  }

  private static void serveRulePage(HttpExchange exchange) throws IOException {
    String ruleId = exchange.getRequestURI().getPath().substring("/rules/".length());
    Optional<String> page = RulePage.html(ruleId);
    if (page.isPresent()) {
      answer(exchange, 200, "text/html; charset=utf-8", page.get());
    } else {
      answer(exchange, 404, TEXT, "no rule has this name\n");
    }
  }

  private static void serveAsset(HttpExchange exchange) throws IOException {
    Asset asset = ASSETS.get(exchange.getRequestURI().getPath());
    if (asset == null) {
      answer(exchange, 404, TEXT, "there is nothing at this address\n");
    } else {
      answer(exchange, 200, asset.contentType(), bytesOf(asset.resource()));
    }
  }

  private static byte[] bytesOf(String resource) {
    try (InputStream in = AnalyticsServer.class.getResourceAsStream("web/" + resource)) {
      if (in == null) {
        throw new IllegalStateException("the build left out a resource [name=" + resource + "]");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void answer(HttpExchange exchange, int status, String contentType, String body)
      throws IOException {
    answer(exchange, status, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  private static void answer(HttpExchange exchange, int status, String contentType, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", contentType);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
