package io.dmascope.producer.ingest.ftrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.producer.ingest.line.LineContext;
import io.dmascope.producer.ingest.line.LineGrammar;
import io.dmascope.producer.ingest.text.TextCache;
import io.dmascope.producer.ingest.text.Words;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskLineGrammarTest {
  /** What a context says, in one word for comparison. */
  private static String context(String line) {
    byte[] bytes = Words.lineOf(line.getBytes(StandardCharsets.UTF_8));
    LineContext context = new LineContext();
    context.clear();
    int event = new TaskLineGrammar().readContext(bytes, 0, context);
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
            new String(
                bytes,
                event,
                line.getBytes(StandardCharsets.UTF_8).length - event,
                StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      delimiter = ';',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "              dd-314     [003] .....   121.595488: e: x;dd|314|3|121595488000|e: x",
        "              dd-314     [003] d.h1.   121.595488: e: x;dd|314|3|121595488000|e: x",
        "              dd-327     (    327) [003] .....   123.781949: e: x;dd|327|3|123781949000|e: x",
        "          <idle>-0       (-------) [003] d.h1.   123.782407: e: x;<idle>|0|3|123782407000|e: x",
        "              dd-318     [000] .....            4: e: x;dd|318|0|4|e: x",
        "              dd-331     [000]    124.245784: e: x;dd|331|0|124245784000|e: x",
        "             fio-303   [003]-0x0    69.114049: e:   x;fio|303|3|69114049000|e:   x",
        "             fio-303   [003]    69.114049150: e:   x;fio|303|3|69114049150|e:   x",
        "      dd-360       0d..1. 239375us : e: x;dd|360|0|239375000|e: x",
        "      dd-360       0d..1. 239403us#: e: x;dd|360|0|239403000|e: x",
        "     fio-303     3.....    69.114049: e: x;fio|303|3|69114049000|e: x",
        "nvme-211 [003] ..... 10.000001: e: x;nvme|211|3|10000001000|e: x",
        "              dd-314     [1023] ..... 3000000.595488: e: x;dd|314|1023|3000000595488000|e: x",
        "              dd-314     [003] ..... 3153600000.595488: e: x;dd|314|3|3153600000595488000|e: x",
        "              dd     360   0 1 00000001 00000000 [0003a70f] 239.375ms (+0.003ms): e: x;dd|360|0|239375000|e: x",
      })
  void everyFormOfTheContext_isRead(String line, String expected) {
    assertThat(context(line)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "-",
        "a-1",
        "-12 [000] x",
        "[3]",
        "a: b: c",
        "1.5:",
        "x-1 [000] 1: y",
        "日本",
        "<...>",
        "0123456789abcde"
      })
  void aTaskMayHaveAnyName(String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    String column = " ".repeat(16 - bytes) + name;

    assertThat(context(column + "-73      [002] .....    23.441429: e: x"))
        .isEqualTo(name + "|73|2|23441429000|e: x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# tracer: nop",
        "              dd-314     [003] .....",
        "              dd-x14     [003] .....   121.595488: e: x",
        "              dd-314     [0z3] .....   121.595488: e: x",
        "              dd-314     [003] .....   12a.595488: e: x",
        "              dd-314     [003] .....   121.595488 e: x",
        " => dma_map_sgtable",
        "dma_map_sg: 0000:00:04.0 dir=FROM_DEVICE"
      })
  void whatIsNoContext_isRefused(String line) {
    assertThat(context(line)).isEqualTo("none");
  }

  /**
   * The column reader and the free reader are twins: a blank before the line makes it the latter's.
   */
  @Property
  void readByColumnsOrFreely_theSameIsFound(
      @ForAll @StringLength(min = 1, max = 15) @net.jqwik.api.constraints.AlphaChars String comm,
      @ForAll @IntRange(max = 4_194_304) int pid,
      @ForAll @IntRange(max = 999) int cpu,
      @ForAll @LongRange(max = 99_999_999L) long seconds,
      @ForAll @IntRange(max = 999_999) int micros) {
    String line =
        String.format(
            Locale.ROOT, "%16s-%-7d [%03d] d.h1. %5d.%06d: e: x", comm, pid, cpu, seconds, micros);
    String expected =
        comm + "|" + pid + "|" + cpu + "|" + (seconds * 1_000_000 + micros) * 1000 + "|e: x";

    assertThat(context(line)).isEqualTo(expected);
    assertThat(context(" " + line)).isEqualTo(expected);
  }

  @Test
  void aLineOfACarriageReturn_isAsGood() {
    assertThat(context("              dd-314     [003] .....   121.595488: e: x\r"))
        .startsWith("dd|314|3|121595488000|e: x");
  }
}
