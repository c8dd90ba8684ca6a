package io.dmascope.analytics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What stands under {@code dashboards/}, as the tests need it. */
final class Dashboards {
  static final Path DIRECTORY = Path.of("../dashboards");

  private static final Pattern LABEL_MATCHERS = Pattern.compile("\\{[^}]*}");
  private static final Pattern METRIC =
      Pattern.compile("(?<![\\w:\"])(?:dmascope|jvm|process)_\\w+");

  /** A query of a panel. */
  record Query(String panel, String expr, List<String> legendLabels) {
    @Override
    public String toString() {
      return panel + ": " + expr;
    }
  }

  private Dashboards() {}

  static JsonNode grafana() throws IOException {
    return JsonMapper.builder()
        .build()
        .readTree(Files.readString(DIRECTORY.resolve("dmascope.json")));
  }

  static String rules() throws IOException {
    return Files.readString(DIRECTORY.resolve("prometheus-rules.yml"));
  }

  static List<Query> panelQueries() throws IOException {
    List<Query> queries = new ArrayList<>();
    for (JsonNode panel : grafana().at("/panels")) {
      for (JsonNode target : panel.path("targets")) {
        List<String> labels =
            Pattern.compile("\\{\\{(\\w+)}}")
                .matcher(target.at("/legendFormat").textValue())
                .results()
                .map(match -> match.group(1))
                .toList();
        queries.add(
            new Query(panel.at("/title").textValue(), target.at("/expr").textValue(), labels));
      }
    }
    return queries;
  }

  /** Names of our metrics and the virtual machine's in a query, a rule file or a definition. */
  static Set<String> metricsIn(String text) {
    Set<String> names = new TreeSet<>();
    METRIC
        .matcher(LABEL_MATCHERS.matcher(text).replaceAll(""))
        .results()
        .forEach(match -> names.add(match.group()));
    return names;
  }
}
