package io.dmascope.model.event;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page that tells people how to write probe events has the fields that the readers read. */
final class ProbePageTest {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", "."), "..", "docs", "probes.md");
  private static final String BEGINS = "<!-- written by ProbePageTest -->\n";
  private static final String ENDS = "<!-- end -->\n";

  @Test
  void page_listsEveryEventAndField() throws IOException {
    String page = Files.readString(PAGE);
    int begins = page.indexOf(BEGINS) + BEGINS.length();
    int ends = page.indexOf(ENDS);
    if ("1".equals(System.getenv("UPDATE_GOLDEN"))) {
      Files.writeString(PAGE, page.substring(0, begins) + table() + page.substring(ends));
    } else {
      assertThat(page.substring(begins, ends))
          .as("stale table: run this test with UPDATE_GOLDEN=1")
          .isEqualTo(table());
    }
  }

  private static String table() {
    StringBuilder table = new StringBuilder("| event | labels |\n|---|---|\n");
    for (ProbeShape shape : ProbeShape.all()) {
      table.append(
          "| `%s` | %s |\n"
              .formatted(
                  shape.eventName(),
                  shape.fields().stream().map(ProbePageTest::field).collect(joining(", "))));
    }
    return table.toString();
  }

  private static String field(ProbeShape.Field field) {
    return "`%s`"
        .formatted(
            switch (field.form()) {
              case TEXT -> field.label() + "=text";
              case NUMBER -> field.label() + "=0x0";
              case INT -> field.label() + "=0";
              case FLAG -> field.label() + "=0/1";
              case CONSTANT -> field.label() + "=" + String.join("/", field.constants());
              case LIST -> field.label() + "={0x0}";
            });
  }
}
