package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.rule.RuleCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The example on every rule's page is true: {@code dmascope check} says of the trace, and of the
 * rig manifest where there is one, what the page shows. {@code UPDATE_GOLDEN=1} writes what it says
 * into the pages.
 */
class RulePageExamplesTest {
  private static final Path PAGES =
      Path.of(System.getProperty("basedir", "."), "..", "docs", "rules");
  private static final boolean UPDATE = "1".equals(System.getenv("UPDATE_GOLDEN"));
  private static final Pattern TRACE = Pattern.compile("```trace\n(.*?)```", Pattern.DOTALL);
  private static final Pattern MANIFEST = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
  private static final Pattern SAID =
      Pattern.compile("(`dmascope check` says:\n\n```text\n)(.*?)(```)", Pattern.DOTALL);

  @TempDir private Path directory;

  static List<String> rules() {
    return RuleCatalogue.rules().stream().map(rule -> RuleCatalogue.infoOf(rule).id()).toList();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void example_isWhatCheckSays(String id) throws IOException {
    Path file = PAGES.resolve(id + ".md");
    String page = Files.readString(file);
    Matcher trace = TRACE.matcher(page);
    Matcher said = SAID.matcher(page);
    assertThat(trace.find()).as("%s has an example trace", id).isTrue();
    assertThat(said.find()).as("%s has what check says of it", id).isTrue();
    Matcher manifest = MANIFEST.matcher(page);
    if (manifest.find()) {
      Files.writeString(directory.resolve("manifest.json"), manifest.group(1));
    }
    String actual = check(trace.group(1));
    assertThat(actual).contains("[" + id + "]");
    if (UPDATE) {
      Files.writeString(
          file, page.substring(0, said.start(2)) + actual + page.substring(said.end(2)));
    } else {
      assertThat(said.group(2)).isEqualTo(actual);
    }
  }

  /** The findings as printed, without the summary that follows them. */
  private String check(String trace) throws IOException {
    Path file = directory.resolve("trace.txt");
    Files.writeString(file, trace);
    FakeTerminal shell = new FakeTerminal();
    shell.run("check", file.toString());
    assertThat(shell.err()).isEmpty();
    String out = shell.out().replace(directory + "/", "");
    return out.substring(0, out.indexOf("\ntrace.txt  (")).strip() + "\n";
  }
}
