package io.dmascope.model.rule;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The list of rules, their annotations and their pages under {@code docs/rules} agree.
 *
 * <p>What a page says above its first section, and the table of the index, are written by this
 * test: run it with {@code UPDATE_GOLDEN=1} after changing a rule's annotation.
 */
class RuleCatalogueTest {
  private static final Path PAGES =
      Path.of(System.getProperty("basedir", "."), "..", "docs", "rules");
  private static final boolean UPDATE = "1".equals(System.getenv("UPDATE_GOLDEN"));
  private static final List<String> SECTIONS =
      List.of(
          "## What happens",
          "## Why it matters",
          "## Example trace",
          "## How to fix",
          "## What we cannot see");

  private static final String INDEX_BEGINS = "<!-- written by RuleCatalogueTest -->\n";
  private static final String INDEX_ENDS = "<!-- end -->\n";

  static List<RuleInfo> rules() {
    return RuleCatalogue.rules().stream()
        .map(RuleCatalogue::infoOf)
        .sorted(Comparator.comparing(RuleInfo::id))
        .toList();
  }

  @Test
  void ids_areUnique() {
    assertThat(rules()).extracting(RuleInfo::id).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void annotation_isWellFormed(RuleInfo rule) {
    assertThat(rule.id()).matches("[A-Z2]{2,3}(-[A-Z]{2,3})?-\\d{3}");
    assertThat(rule.title()).doesNotEndWith(".").isNotBlank();
    assertThat(rule.on()).isNotEmpty();
    assertThat(rule.needs()).isNotEmpty();
    assertThat(rule.kernelSource()).matches("[a-z0-9_/-]+\\.[ch] [a-z0-9_]+\\(\\)");
    assertThat(rule.confidenceNotes()).isNotBlank().doesNotEndWith(".");
  }

  @ParameterizedTest
  @MethodSource("rules")
  void page_hasTheHeaderOfItsRule_andEverySection(RuleInfo rule) throws IOException {
    Path file = PAGES.resolve(rule.id() + ".md");
    assertThat(file).as("every rule has a page").exists();
    String page = Files.readString(file);
    int body = page.indexOf(SECTIONS.get(0) + "\n");
    assertThat(body).as("a page begins with '%s'", SECTIONS.get(0)).isNotNegative();
    if (UPDATE) {
      page = header(rule) + page.substring(body);
      Files.writeString(file, page);
    } else {
      assertThat(page.substring(0, body))
          .as("stale header: run this test with UPDATE_GOLDEN=1")
          .isEqualTo(header(rule));
    }
    assertThat(page.lines().filter(line -> line.startsWith("## "))).isEqualTo(SECTIONS);
  }

  @Test
  void index_listsEveryRule() throws IOException {
    Path file = PAGES.resolve("README.md");
    String page = Files.readString(file);
    int begins = page.indexOf(INDEX_BEGINS) + INDEX_BEGINS.length();
    int ends = page.indexOf(INDEX_ENDS);
    if (UPDATE) {
      Files.writeString(file, page.substring(0, begins) + index() + page.substring(ends));
    } else {
      assertThat(page.substring(begins, ends))
          .as("stale index: run this test with UPDATE_GOLDEN=1")
          .isEqualTo(index());
    }
  }

  @Test
  void everyPageThatIsNamedLikeARule_isOfARule() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      List<String> pages =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.matches("[A-Z].*-\\d{3}\\.md"))
              .map(name -> name.replace(".md", ""))
              .toList();
      assertThat(pages).containsExactlyInAnyOrderElementsOf(ids());
    }
  }

  private static List<String> ids() {
    return rules().stream().map(RuleInfo::id).toList();
  }

  private static String header(RuleInfo rule) {
    StringBuilder header = new StringBuilder("# " + rule.id() + ": " + rule.title() + "\n\n");
    header.append("| | |\n|---|---|\n");
    row(header, "severity", rule.severity().name().toLowerCase(Locale.ROOT));
    row(
        header,
        "looks at",
        Stream.of(rule.on()).map(RuleCatalogueTest::words).collect(joining(", ")));
    row(header, "needs one of", Stream.of(rule.needs()).map(Family::what).collect(joining("; ")));
    if (rule.facts().length > 0) {
      row(header, "needs of the rig manifest", members(rule));
    }
    row(header, "kernel source", "`" + rule.kernelSource() + "`");
    if (!rule.kernelMessage().isEmpty()) {
      row(header, "the kernel says", "`" + rule.kernelMessage() + "`");
    }
    row(header, "confidence", rule.confidenceNotes());
    return header.append('\n').toString();
  }

  private static String members(RuleInfo rule) {
    String members =
        Stream.of(rule.facts()).map(fact -> "`" + fact.member() + "`").collect(joining("; "));
    return rule.factsFor().length == 0
        ? members
        : members + " for " + Stream.of(rule.factsFor()).map(Family::what).collect(joining("; "));
  }

  private static void row(StringBuilder out, String name, String value) {
    out.append("| ").append(name).append(" | ").append(value).append(" |\n");
  }

  private static String words(Op op) {
    return op.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String index() {
    StringBuilder table =
        new StringBuilder("| rule | title | severity | needs one of | and of the rig manifest |\n");
    table.append("|---|---|---|---|---|\n");
    for (RuleInfo rule : rules()) {
      table.append(
          "| [%s](%s.md) | %s | %s | %s | %s |\n"
              .formatted(
                  rule.id(),
                  rule.id(),
                  rule.title(),
                  rule.severity().name().toLowerCase(Locale.ROOT),
                  Stream.of(rule.needs()).map(Family::record).distinct().collect(joining(", ")),
                  members(rule)));
    }
    return table.toString();
  }
}
