package io.dmascope.analytics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The files that make the page, with the libraries that travel with it. */
final class PageAssets {
  /** Styles in the order in which they apply. */
  static final List<String> STYLES = List.of("uPlot.min.css", "dmascope.css");

  /** Scripts in the order in which they run: each uses what those before it define. */
  static final List<String> SCRIPTS =
      List.of(
          "htmPreact.umd.js",
          "uPlot.iife.min.js",
          "format.js",
          "place.js",
          "source.js",
          "parts.js",
          "ruler.js",
          "fleet.js",
          "capture.js",
          "addressmap.js",
          "finding.js",
          "cost.js",
          "compare.js",
          "rules.js",
          "app.js");

  static final String PAGE = "index.html";

  private static final Map<String, String> CONTENT_TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "txt", "text/plain; charset=utf-8");

  private static final List<String> OTHERS =
      List.of(PAGE, "icon.svg", "uPlot.LICENSE.txt", "htmPreact.LICENSE.txt");

  /** A file of the page. */
  static final class Asset {
    private final byte[] bytes;
    private final String contentType;

    private Asset(byte[] bytes, String contentType) {
      this.bytes = bytes;
      this.contentType = contentType;
    }

    /** As an answer over HTTP. */
    Answer answer() {
      return new Answer(200, contentType, bytes);
    }

    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private final Map<String, Asset> assets = new TreeMap<>();

  PageAssets() {
    for (List<String> names : List.of(STYLES, SCRIPTS, OTHERS)) {
      names.forEach(name -> assets.put(name, load(name)));
    }
  }

  /** Returns a file by its name; empty where the page has none of that name. */
  Optional<Asset> find(String name) {
    return Optional.ofNullable(assets.get(name));
  }

  private static Asset load(String name) {
    try (InputStream in = PageAssets.class.getResourceAsStream("web/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the build left out a resource [name=" + name + "]");
      }
      String ending = name.substring(name.lastIndexOf('.') + 1);
      return new Asset(in.readAllBytes(), CONTENT_TYPES.get(ending));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
