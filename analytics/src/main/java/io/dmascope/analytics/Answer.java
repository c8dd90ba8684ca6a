package io.dmascope.analytics;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;

/**
 * One answer over HTTP: compressed for who can read that, and with a tag by which a browser that
 * asks again is told that nothing changed.
 */
final class Answer {
  static final String JSON = "application/json; charset=utf-8";
  static final String TEXT = "text/plain; charset=utf-8";

  /** Below it the headers weigh more than what compression saves. */
  private static final int COMPRESSED_BYTES_MIN = 1024;

  private final int status;
  private final String contentType;
  private final byte[] body;

  Answer(int status, String contentType, byte[] body) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
  }

  static Answer text(int status, String text) {
    return new Answer(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  void send(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    String tag = tag();
    headers.set("Content-Type", contentType);
    headers.set("Vary", "Accept-Encoding");
    if (status == 200) {
      headers.set("ETag", tag);
    }
    if (status == 200 && tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      exchange.sendResponseHeaders(304, -1);
    } else if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      byte[] sent = body;
      if (body.length >= COMPRESSED_BYTES_MIN && takesGzip(exchange)) {
        headers.set("Content-Encoding", "gzip");
        sent = gzip(body);
      }
      exchange.sendResponseHeaders(status, sent.length == 0 ? -1 : sent.length);
      exchange.getResponseBody().write(sent);
    }
  }

  private String tag() {
    CRC32C sum = new CRC32C();
    sum.update(body);
    return "\"%x-%x\"".formatted(body.length, sum.getValue());
  }

  private static boolean takesGzip(HttpExchange exchange) {
    String accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
    return accepted != null && accepted.contains("gzip");
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 4 + 64);
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes whatever is written to it", e);
    }
    return out.toByteArray();
  }
}
