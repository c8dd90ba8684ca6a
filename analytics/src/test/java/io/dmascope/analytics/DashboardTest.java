package io.dmascope.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DashboardTest {
  private static final Set<String> SERIES =
      Arrays.stream(AnalyticsMetrics.values())
          .flatMap(DashboardTest::seriesOf)
          .collect(Collectors.toCollection(TreeSet::new));

  private static Stream<String> seriesOf(AnalyticsMetrics metric) {
    String name = metric.metricName();
    return metric.type() == AnalyticsMetrics.Type.HISTOGRAM
        ? Stream.of(name + "_bucket", name + "_sum", name + "_count")
        : Stream.of(name);
  }

  static List<Dashboards.Query> panelQueries() throws IOException {
    return Dashboards.panelQueries();
  }

  @ParameterizedTest
  @MethodSource("panelQueries")
  void panel_asksForMetricsThatExist(Dashboards.Query query) {
    Set<String> metrics = Dashboards.metricsIn(query.expr());

    assertThat(metrics).isNotEmpty();
    assertThat(ours(metrics)).isSubsetOf(SERIES);
  }

  @ParameterizedTest
  @MethodSource("panelQueries")
  void legend_namesLabelsThatTheQueryKeeps(Dashboards.Query query) {
    assertThat(query.legendLabels())
        .allSatisfy(
            label ->
                assertThat(query.expr().contains(label) || isLabelOf(query.expr(), label))
                    .as(label)
                    .isTrue());
  }

  private static boolean isLabelOf(String expr, String label) {
    return !expr.contains(" by (")
        && Arrays.stream(AnalyticsMetrics.values())
            .filter(metric -> expr.contains(metric.metricName()))
            .anyMatch(metric -> metric.labels().contains(label));
  }

  @Test
  void rules_askForMetricsThatExist() throws IOException {
    Set<String> metrics = new TreeSet<>(ours(Dashboards.metricsIn(Dashboards.rules())));

    assertThat(metrics).isNotEmpty().isSubsetOf(SERIES);
  }

  @Test
  void variables_askForMetricsThatExist() throws IOException {
    List<String> definitions = new ArrayList<>();
    for (JsonNode variable : Dashboards.grafana().at("/templating/list")) {
      if (variable.has("definition")) {
        definitions.add(variable.get("definition").textValue());
      }
    }

    assertThat(definitions).hasSize(2);
    assertThat(Dashboards.metricsIn(String.join(" ", definitions))).isSubsetOf(SERIES);
  }

  @Test
  void panels_haveTheirOwnIdAndPlace() throws IOException {
    Set<Integer> ids = new TreeSet<>();
    Set<String> cells = new TreeSet<>();
    for (JsonNode panel : Dashboards.grafana().at("/panels")) {
      assertThat(ids.add(panel.get("id").intValue())).as("own id: %s", panel.get("title")).isTrue();
      JsonNode at = panel.get("gridPos");
      assertThat(at.get("x").intValue() + at.get("w").intValue()).isLessThanOrEqualTo(24);
      for (int x = 0; x < at.get("w").intValue(); x++) {
        for (int y = 0; y < at.get("h").intValue(); y++) {
          String cell = (at.get("x").intValue() + x) + "," + (at.get("y").intValue() + y);
          assertThat(cells.add(cell)).as("own place: %s", panel.get("title")).isTrue();
        }
      }
    }
  }

  @Test
  void everyPanel_saysWhatItShows() throws IOException {
    for (JsonNode panel : Dashboards.grafana().at("/panels")) {
      if (!panel.get("type").textValue().equals("row")) {
        assertThat(panel.path("description").asText()).as(panel.at("/title").asText()).isNotEmpty();
      }
    }
  }

  private static List<String> ours(Set<String> metrics) {
    return metrics.stream().filter(name -> name.startsWith("dmascope_")).toList();
  }
}
