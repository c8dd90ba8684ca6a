package io.dmascope.analytics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
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

  private final String markdown;

  private RulePage(String markdown) {
    this.markdown = markdown;
  }

  /** Returns the page of a rule id; empty where there is none. */
  static Optional<RulePage> of(String ruleId) {
    return RULE_ID.matcher(ruleId).matches()
        ? markdown(ruleId).map(RulePage::new)
        : Optional.empty();
  }

  /** The whole page. */
  String html() {
    return RENDERER.render(PARSER.parse(markdown));
  }

  /** What stands under one heading, up to the next; empty where there is no such heading. */
  String sectionHtml(String title) {
    StringBuilder html = new StringBuilder();
    boolean inside = false;
    for (Node node = PARSER.parse(markdown).getFirstChild(); node != null; node = node.getNext()) {
      if (node instanceof Heading heading) {
        inside = heading.getFirstChild() instanceof Text text && text.getLiteral().equals(title);
      } else if (inside) {
        html.append(RENDERER.render(node));
      }
    }
    return html.toString();
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
}
