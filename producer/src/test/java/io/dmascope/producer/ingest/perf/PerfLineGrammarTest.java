package io.dmascope.producer.ingest.perf;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.producer.ingest.line.LineContext;
import io.dmascope.producer.ingest.line.LineGrammar;
import io.dmascope.producer.ingest.text.TextCache;
import io.dmascope.producer.ingest.text.Words;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PerfLineGrammarTest {
  private static String context(String line) {
    byte[] bytes = Words.lineOf(line.getBytes(StandardCharsets.UTF_8));
    LineContext context = new LineContext();
    context.clear();
    int event = new PerfLineGrammar().readContext(bytes, 0, context);
    if (event == LineGrammar.NO_CONTEXT) {
      return "none";
    }
    String comm = new TextCache().text(bytes, context.commFrom(), context.commTo());
    return "%s|%d|%d|%d|%s"
        .formatted(
            comm,
            context.pid(),
            context.cpu(),
            context.timestampNs(),
            new String(bytes, event, line.length() - event, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = ';',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "              dd     389 [001]   133.872125:     dma:dma_map_sg: x;dd|389|1|133872125000|dma:dma_map_sg: x",
        "              dd     389/390     [001]   133.872125:  dma:e: x;dd|390|1|133872125000|dma:e: x",
        "              dd     389/  390 [001]   133.872125:  dma:e: x;dd|390|1|133872125000|dma:e: x",
        "              dd     389 [001]   133.872125123:  dma:e: x;dd|389|1|133872125123|dma:e: x",
        "              dd     389 [001]   133.872125:          1 dma:e: x;dd|389|1|133872125000|dma:e: x",
        "              dd     389   133.872125:  dma:e: x;dd|389|-1|133872125000|dma:e: x",
        "133.872125:  dma:e: x;|-1|-1|133872125000|dma:e: x",
        "              dd     389 [001]  dma:e: x;dd|389|1|0|dma:e: x",
        "dma:e: x;|-1|-1|0|dma:e: x",
        "     my [2] task     389 [001]   133.872125:  dma:e: x;my [2] task|389|1|133872125000|dma:e: x",
        "    kworker/0:1H     389 [001]   133.872125:  dma:e: 0000:00:04.0;kworker/0:1H|389|1|133872125000|dma:e: 0000:00:04.0",
      })
  void everyChoiceOfFields_isRead(String line, String expected) {
    assertThat(context(line)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# captured on    : Mon Nov 23",
        "        ffffffff8116a3b1 dma_map_sg_attrs+0x51 ([kernel.kallsyms])",
        "a line of prose, with a colon: and no event",
        "\u0000\u0001 \u0000"
      })
  void whatIsNoEvent_isRefused(String line) {
    assertThat(context(line)).isEqualTo("none");
  }
}
