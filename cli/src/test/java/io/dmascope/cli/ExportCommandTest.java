package io.dmascope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.model.finding.Violation;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.rig.RigCapture;
import io.dmascope.tables.Table;
import io.dmascope.tables.Tables;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExportCommandTest {
  private static final String CAPTURE = "../golden/misuse-strict-612/trace.dat";

  @TempDir private Path directory;

  private final FakeTerminal shell = new FakeTerminal();

  @Test
  void everyTable_hasARowForEachOfItsThings() throws IOException {
    List<TraceEvent> events = events();
    export("csv");

    assertThat(lines("events.csv")).hasSize(1 + events.size());
    assertThat(lines("findings.csv")).hasSize(1 + check().size());
    assertThat(lines("lifecycles.csv").size()).isBetween(200, events.size());
    for (Table table : Tables.ALL) {
      assertThat(lines(table.name() + ".csv").getFirst())
          .isEqualTo(String.join(",", table.columns().stream().map(c -> c.name()).toList()));
    }
  }

  @Test
  void json_hasTheSameRowsUnderTheSameNames() throws IOException {
    export("csv");
    export("json");

    for (Table table : Tables.ALL) {
      List<String> json = lines(table.name() + ".jsonl");
      assertThat(json).as(table.name()).hasSize(lines(table.name() + ".csv").size() - 1);
      List<String> names = table.columns().stream().map(c -> c.name()).toList();
      for (String line : json) {
        new ObjectMapper()
            .readTree(line)
            .fieldNames()
            .forEachRemaining(n -> assertThat(names).contains(n));
      }
    }
  }

  @Test
  void aggregates_addUpToTheEventsAndToWhatTheModelSays() throws IOException {
    List<TraceEvent> events = events();
    Map<String, DeviceSummary> last = new HashMap<>();
    List<Violation> violations = new ArrayList<>();
    DmaModel model = new DmaModel();
    ModelOutput output =
        new ModelOutput() {
          @Override
          public void violation(Violation violation) {
            violations.add(violation);
          }

          @Override
          public void summary(DeviceSummary summary) {
            last.put(summary.device(), summary);
          }
        };
    events.forEach(event -> model.apply(event, output));
    export("json");
    List<JsonNode> rows = json("aggregates.jsonl");

    assertThat(last).hasSizeGreaterThan(1);
    for (DeviceSummary device : last.values()) {
      List<JsonNode> own =
          rows.stream().filter(r -> r.path("device").asText().equals(device.device())).toList();
      assertThat(sum(own, "maps")).as(device.device()).isEqualTo(device.maps());
      assertThat(sum(own, "mapped_bytes")).isEqualTo(device.mappedBytes());
      assertThat(sum(own, "failures")).isEqualTo(device.mapFailures());
      assertThat(sum(own, "entries_in")).isEqualTo(device.sgEntriesIn());
      assertThat(sum(own, "entries_out")).isEqualTo(device.sgEntriesOut());
      assertThat(sum(own, "size_count")).isEqualTo(device.maps());
      assertThat(sum(own, "size_sum_bytes")).isEqualTo(device.mappedBytes());
      long lastWindow =
          rows.stream().mapToLong(r -> r.path("window_start_ns").asLong()).max().orElseThrow();
      List<JsonNode> atEnd =
          own.stream().filter(r -> r.path("window_start_ns").asLong() == lastWindow).toList();
      assertThat(sum(atEnd, "live_mappings_last")).isEqualTo(device.liveMappings());
      assertThat(sum(atEnd, "live_bytes_last")).isEqualTo(device.liveBytes());
    }
    assertThat(sum(rows, "iommu_maps"))
        .isEqualTo(events.stream().filter(IommuMap.class::isInstance).count());
    assertThat(sum(json("rule_counts.jsonl"), "occurrences")).isEqualTo(violations.size());
    assertThat(sum(rows, "lifetime_count")).isEqualTo(json("lifecycles.jsonl").size());
  }

  @Test
  void aggregates_areTheSameInShorterWindows() throws IOException {
    export("json");
    long maps = sum(json("aggregates.jsonl"), "maps");
    long coarse = json("aggregates.jsonl").size();
    export("json", "--window", "10");

    assertThat(sum(json("aggregates.jsonl"), "maps")).isEqualTo(maps);
    assertThat(json("aggregates.jsonl").size()).isGreaterThan((int) coarse);
  }

  @Test
  void twoRuns_writeTheSameBytes() throws IOException {
    export("csv");
    Map<String, String> first = new HashMap<>();
    for (Table table : Tables.ALL) {
      first.put(table.name(), Files.readString(out().resolve(table.name() + ".csv")));
    }
    export("csv");

    for (Table table : Tables.ALL) {
      assertThat(Files.readString(out().resolve(table.name() + ".csv")))
          .isEqualTo(first.get(table.name()));
    }
  }

  @Test
  void perfetto_drawsEveryFindingWithArrowsFromItsEvidence() throws IOException {
    assertThat(shell.run("export", CAPTURE, "--format=perfetto", "-o", out().toString())).isZero();
    List<JsonNode> findings = check();
    PerfettoReader trace = PerfettoReader.read(Files.readAllBytes(out()));

    assertThat(trace.named("finding")).hasSameSizeAs(findings);
    assertThat(trace.named("finding").stream().map(e -> e.name().split(" ", 2)[0]).toList())
        .containsExactlyInAnyOrderElementsOf(
            findings.stream().map(f -> f.path("rule").asText()).toList());
    List<Long> arrows = trace.named("evidence").stream().flatMap(e -> e.flows().stream()).toList();
    assertThat(arrows)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            trace.named("finding").stream().flatMap(e -> e.flows().stream()).toList())
        .hasSize(findings.stream().mapToInt(f -> f.path("related").size()).sum());
  }

  @Test
  void perfetto_drawsEachMappingFromItsMapToItsUnmap() throws IOException {
    export("json");
    Path trace = directory.resolve("x.pftrace");
    assertThat(shell.run("export", CAPTURE, "--format=perfetto", "-o", trace.toString())).isZero();
    PerfettoReader read = PerfettoReader.read(Files.readAllBytes(trace));

    List<String> expected =
        json("lifecycles.jsonl").stream()
            .map(l -> l.path("mapped_ns").asLong() + "-" + l.path("unmapped_ns").asLong())
            .toList();
    assertThat(read.slices()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(read.unknownParents()).isEmpty();
  }

  @Test
  void openMetrics_standsAtItsOwnTimeInARealPrometheus() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/promtool")), "promtool is not installed");
    assertThat(
            shell.run(
                "export",
                CAPTURE,
                "--format=openmetrics",
                "--base-time=2026-11-01T00:00:00Z",
                "-o",
                out().toString()))
        .isZero();
    String database = directory.resolve("tsdb").toString();
    run("promtool", "tsdb", "create-blocks-from", "openmetrics", out().toString(), database);
    Files.createDirectories(Path.of(database, "wal")); // dump looks for one
    String dump =
        run(
            "promtool",
            "tsdb",
            "dump",
            "--match={__name__=\"dmascope_event_violations_total\"}",
            database);

    long violations = check().stream().mapToLong(f -> f.path("count").asLong()).sum();
    Map<String, Double> lastOfSeries = new HashMap<>();
    for (String line : dump.lines().toList()) {
      String[] parts = line.substring(line.lastIndexOf('}') + 2).split(" ");
      lastOfSeries.merge(
          line.substring(0, line.lastIndexOf('}')), Double.parseDouble(parts[0]), Math::max);
      // 2026-11-01T00:00:00Z, and the recording is 33 s long.
      assertThat(Long.parseLong(parts[1])).isBetween(1_793_491_200_000L, 1_793_491_240_000L);
    }
    assertThat(lastOfSeries.values().stream().mapToDouble(Double::doubleValue).sum())
        .isEqualTo((double) violations);
  }

  @Test
  void whatNothingDates_isRefusedInASentence() {
    assertThat(shell.run("export", CAPTURE, "--format=openmetrics", "-o", out().toString()))
        .isEqualTo(2);
    assertThat(shell.err()).contains("nothing tells when it was recorded").contains("--base-time");
  }

  @Test
  void unknownTable_isRefusedWithTheNamesOfAll() {
    int status =
        shell.run("export", CAPTURE, "--format=csv", "--tables=event", "-o", out().toString());

    assertThat(status).isEqualTo(2);
    assertThat(shell.err()).contains("there is no table event; there are [events, lifecycles,");
  }

  @Test
  void documentation_hasEveryColumnWithItsUnit() throws IOException {
    String page = Files.readString(Path.of("../docs/tables.md"));

    for (Table table : Tables.ALL) {
      StringBuilder expected =
          new StringBuilder("## %s%n%nA row is %s.%n%n".formatted(table.name(), table.meaning()));
      expected.append("| column | type | unit | meaning |\n|---|---|---|---|\n");
      table
          .columns()
          .forEach(
              c ->
                  expected.append(
                      "| `%s` | %s | %s | %s |%n"
                          .formatted(
                              c.name(),
                              c.type().name().toLowerCase(java.util.Locale.ROOT),
                              c.unit(),
                              c.meaning().replace("|", "\\|"))));
      assertThat(page).contains(expected.toString());
    }
  }

  private Path out() {
    return directory.resolve("out");
  }

  private void export(String format, String... more) {
    List<String> args =
        new ArrayList<>(List.of("export", CAPTURE, "--format=" + format, "-o", out().toString()));
    args.addAll(Arrays.asList(more));
    assertThat(shell.run(args.toArray(String[]::new))).as(shell.err()).isZero();
  }

  private List<String> lines(String name) throws IOException {
    return Files.readAllLines(out().resolve(name));
  }

  private List<JsonNode> json(String name) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : lines(name)) {
      rows.add(new ObjectMapper().readTree(line));
    }
    return rows;
  }

  private static long sum(List<JsonNode> rows, String column) {
    return rows.stream().mapToLong(row -> row.path(column).asLong()).sum();
  }

  private static List<JsonNode> check() throws IOException {
    FakeTerminal check = new FakeTerminal();
    check.run("check", "--format=json", CAPTURE);
    JsonNode findings = new ObjectMapper().readTree(check.out()).at("/captures/0/findings");
    return IntStream.range(0, findings.size()).mapToObj(findings::get).toList();
  }

  private static List<TraceEvent> events() throws IOException {
    List<TraceEvent> events = new ArrayList<>();
    try (RigCapture capture =
        RigCapture.open(
            CAPTURE,
            InputStream.nullInputStream(),
            ReadOptions.DEFAULT,
            RigCapture.Options.DEFAULT)) {
      capture.read(
          new EventSink() {
            @Override
            public void event(TraceEvent event) {
              events.add(event);
            }

            @Override
            public void issue(TraceIssue issue) {}
          });
    }
    assertThat(events).anyMatch(DmaMap.class::isInstance);
    return events;
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
