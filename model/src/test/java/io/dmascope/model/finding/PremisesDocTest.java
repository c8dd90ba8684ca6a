package io.dmascope.model.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/premises.md and docs/check.schema.json tell every premise and every kind of doubt. */
final class PremisesDocTest {
  private static final Path DOCS = Path.of("..", "docs");

  @Test
  void everyPremise_hasItsRow() throws IOException {
    assertThat(rows("## Premises")).containsExactly(names(PremiseKind.values()));
  }

  @Test
  void everyKindOfDoubt_hasItsRow() throws IOException {
    assertThat(rows("## Doubts")).containsExactly(names(DoubtKind.values()));
  }

  @Test
  void theSchemaOfReports_listsThem() throws IOException {
    String schema = Files.readString(DOCS.resolve("check.schema.json"));

    assertThat(schema).contains(quoted("\"\", ", DoubtKind.values()));
    assertThat(schema).contains(quoted("", PremiseKind.values()));
  }

  private static String quoted(String first, Enum<?>[] values) {
    return "{ \"enum\": ["
        + first
        + String.join(", ", Arrays.stream(values).map(value -> "\"" + value.name() + "\"").toList())
        + "]";
  }

  private static String[] names(Enum<?>[] values) {
    return Arrays.stream(values).map(Enum::name).toArray(String[]::new);
  }

  private static List<String> rows(String heading) throws IOException {
    String page = Files.readString(DOCS.resolve("premises.md"));
    String section = page.substring(page.indexOf(heading)).split("\n## ", 2)[0];
    return Pattern.compile("^\\| `([A-Z_]+)` \\|", Pattern.MULTILINE)
        .matcher(section)
        .results()
        .map(result -> result.group(1))
        .toList();
  }
}
