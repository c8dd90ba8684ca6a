package io.dmascope.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricsDocTest {
  private static final Path PAGE = Path.of("../docs/metrics.md");

  @Test
  void page_listsEveryMetric() throws IOException {
    String expected = page();
    if (System.getenv("UPDATE_GOLDEN") != null) {
      Files.writeString(PAGE, expected);
    }

    assertThat(PAGE).as("run again with UPDATE_GOLDEN=1").hasContent(expected);
  }

  private static String page() {
    String rows =
        Arrays.stream(AnalyticsMetrics.values())
            .map(MetricsDocTest::row)
            .collect(Collectors.joining("\n"));
    return """
        # Metrics

        What `/metrics` shows, in the Prometheus text formats. This page is written by `MetricsDocTest` from
        `AnalyticsMetrics` (`UPDATE_GOLDEN=1` rewrites it); the dashboard and the rules under `dashboards/` are held to the
        same list.

        | metric | type | unit | labels | meaning |
        |---|---|---|---|---|
        %s

        A histogram `x` has the series `x_bucket`, `x_sum` and `x_count`. Lifetimes have bounds at 1 and 3 times each power of
        ten from 1 µs to 100 s; sizes at each power of four from 64 bytes to 16 MiB.

        Beside these come the metrics of the Java virtual machine as the official client names them: `jvm_memory_used_bytes`,
        `jvm_gc_collection_seconds`, `process_cpu_seconds_total` and others.

        Labels are bounded: 50 captures, 64 devices a capture, 1000 finding series a capture. What does not fit is counted under
        the value `other` (decision 0050).

        Counts of a capture's lines, issues and lost events appear once they are known: offline while it is read, through Kafka
        when it ends.
        """
        .formatted(rows);
  }

  private static String row(AnalyticsMetrics metric) {
    String labels =
        metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(" "));
    String unit = metric.unit() == AnalyticsMetrics.Unit.NONE ? "" : lower(metric.unit());
    return "| `%s` | %s | %s | %s | %s |"
        .formatted(metric.metricName(), lower(metric.type()), unit, labels, metric.help());
  }

  @ParameterizedTest
  @EnumSource(AnalyticsMetrics.class)
  void name_keepsThePrometheusConventions(AnalyticsMetrics metric) {
    assertThat(metric.baseName()).matches("dmascope(_[a-z]+)+");
    assertThat(metric.help()).endsWith(".").doesNotContain("|");
    switch (metric.unit()) {
      case SECONDS -> assertThat(metric.baseName()).endsWith("_seconds");
      case BYTES -> assertThat(metric.baseName()).endsWith("_bytes");
      case NONE -> assertThat(metric.baseName()).doesNotContain("_seconds", "_bytes", "_ms");
    }
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
