package io.dmascope.analytics;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * Serves {@code /metrics} to Prometheus, the JSON API under {@code /api/} and the live page, all
 * from one {@link AnalyticsState}. Nothing is fetched from elsewhere and nothing can be changed
 * through it.
 */
public final class AnalyticsServer implements AutoCloseable {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String API = "/api/v1/";

  /** Nothing from elsewhere, no frame around us, no script but our files. */
  private static final String CONTENT_POLICY =
      "default-src 'self'; object-src 'none';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Set<String> READING = Set.of("GET", "HEAD");
  private static final Pattern LOOPBACK_HOST =
      Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?", Pattern.CASE_INSENSITIVE);

  private final InetSocketAddress address;
  private final AnalyticsState state;
  private final PageApi api;
  private final PageAssets assets = new PageAssets();
  private final CountDownLatch closing = new CountDownLatch(1);
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
    this.api = new PageApi(state);
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
    ChangeStream changes = new ChangeStream(state, closing);
    server.createContext(API, guarded(this::serveApi));
    server.createContext(API + "changes", guarded(changes::serve));
    server.createContext("/rules/", guarded(AnalyticsServer::serveRule));
    server.createContext("/health", guarded(Answer.text(200, "ok\n")::send));
    server.createContext("/ready", guarded(this::serveReady));
    server.createContext("/", guarded(this::serveAsset));
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
    closing.countDown();
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
        headers.set("Content-Security-Policy", CONTENT_POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Cache-Control", "no-cache");
        if (!isForUs(exchange)) {
          Answer.text(403, "this address is answered under its own name only\n").send(exchange);
        } else if (!READING.contains(exchange.getRequestMethod())) {
          headers.set("Allow", "GET, HEAD");
          Answer.text(405, "only GET and HEAD are answered here\n").send(exchange);
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
      Answer.text(200, "ready\n").send(exchange);
    } else {
      exchange.getResponseHeaders().set("Retry-After", "1");
      Answer.text(503, "still reading what the topics held at the start\n").send(exchange);
    }
  }

  private void serveApi(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring(API.length());
    Query query = new Query(exchange.getRequestURI().getRawQuery());
    Optional<ObjectNode> document = api.answer(path, query, System.nanoTime());
    if (document.isPresent()) {
      new Answer(200, Answer.JSON, MAPPER.writeValueAsBytes(document.get())).send(exchange);
    } else {
      String error = "{\"version\":1,\"error\":\"there is nothing at this address\"}\n";
      new Answer(404, Answer.JSON, error.getBytes(StandardCharsets.UTF_8)).send(exchange);
    }
  }

  /** Dashboards and reports name a rule by this short address; the page has a view for it. */
  private static void serveRule(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().substring("/rules/".length());
    String ruleId = name.endsWith(".md") ? name.substring(0, name.length() - 3) : name;
    if (ruleId.isEmpty() || RulePage.of(ruleId).isPresent()) {
      String view = ruleId.isEmpty() ? "../#/rules" : "../#/rules?rule=" + ruleId;
      exchange.getResponseHeaders().set("Location", view);
      Answer.text(302, "see " + view + "\n").send(exchange);
    } else {
      Answer.text(404, "no rule has this name\n").send(exchange);
    }
  }

  private void serveAsset(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().substring(1);
    Optional<PageAssets.Asset> asset = assets.find(name.isEmpty() ? PageAssets.PAGE : name);
    Answer answer =
        asset
            .map(PageAssets.Asset::answer)
            .orElseGet(() -> Answer.text(404, "there is nothing at this address\n"));
    answer.send(exchange);
  }
}
