package io.dmascope.analytics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** A rule's page under {@code docs/rules}, which the program carries, as HTML. */
final class RulePage {
  /** Also keeps a request from naming any other resource. */
  private static final Pattern RULE_ID = Pattern.compile("[A-Z0-9-]{1,40}");

  private static final List<TablesExtension> EXTENSIONS =
      List.of((TablesExtension) TablesExtension.create());
  private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder().extensions(EXTENSIONS).escapeHtml(true).sanitizeUrls(true).build();

  private RulePage() {}

  /** Returns the page of a rule id; {@code .md}, as the pages link to each other, may follow. */
  static Optional<String> html(String name) {
    String ruleId = name.endsWith(".md") ? name.substring(0, name.length() - 3) : name;
    return RULE_ID.matcher(ruleId).matches()
        ? markdown(ruleId).map(markdown -> html(ruleId, markdown))
        : Optional.empty();
  }

  private static Optional<String> markdown(String ruleId) {
    try (InputStream in = RulePage.class.getResourceAsStream("/docs/rules/" + ruleId + ".md")) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the page of " + ruleId, e);
    }
  }

  private static String html(String ruleId, String markdown) {
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>%s · dmascope</title>
        <link rel="icon" href="../icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="../dmascope.css">
        </head>
        <body><main class="page">
        %s</main></body>
        </html>
        """
        .formatted(ruleId, RENDERER.render(PARSER.parse(markdown)));
  }
}
