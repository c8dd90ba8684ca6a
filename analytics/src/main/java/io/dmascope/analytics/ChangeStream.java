package io.dmascope.analytics;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells a page, as server-sent events, that there is something new to ask for: what it shows, it
 * asks for itself. At most one event a second, and a sign of life every fifteen.
 */
final class ChangeStream {
  private static final long LOOK_MS = 1000;
  private static final int SIGN_OF_LIFE_LOOKS = 15;

  private final AnalyticsState state;
  private final CountDownLatch closing;

  /**
   * @param closing at zero once the server ends
   */
  ChangeStream(AnalyticsState state, CountDownLatch closing) {
    this.state = state;
    this.closing = closing;
  }

  /** Streams until the reader goes or the server ends. */
  void serve(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      long told = -1;
      int silent = 0;
      do {
        long now = state.read(AnalyticsState::changes);
        if (now != told) {
          out.write("data: %d\n\n".formatted(now).getBytes(StandardCharsets.US_ASCII));
          out.flush();
          silent = 0;
        } else if (++silent >= SIGN_OF_LIFE_LOOKS) {
          out.write(":\n\n".getBytes(StandardCharsets.US_ASCII));
          out.flush();
          silent = 0;
        }
        told = now;
      } while (!closing.await(LOOK_MS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
