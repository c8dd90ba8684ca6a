package io.dmascope.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CsvWriterTest {
  private static final Table TABLE =
      new Table("t", "a test", List.of(Column.text("a", ""), Column.address("b", "")));

  @Test
  void textThatWouldBreakTheLine_isQuoted() throws IOException {
    StringWriter out = new StringWriter();
    try (CsvWriter csv = new CsvWriter(TABLE, out)) {
      csv.text("say \"a\",\nb").address(-1).endRow();
      csv.text("").nothing().endRow();
    }

    assertThat(out).hasToString("a,b\n\"say \"\"a\"\",\nb\",0xffffffffffffffff\n\"\",\n");
  }
}
