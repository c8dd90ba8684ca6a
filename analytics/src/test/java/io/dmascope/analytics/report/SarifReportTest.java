package io.dmascope.analytics.report;

import static io.dmascope.analytics.report.Samples.doubleUnmap;
import static io.dmascope.analytics.report.Samples.wrongSize;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.dmascope.analytics.ignore.IgnoreEntry;
import io.dmascope.analytics.ignore.IgnoreFile;
import io.dmascope.analytics.ignore.IgnoreFileException;
import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.model.event.CaptureFacts;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SarifReportTest {
  @Test
  void log_keepsTheStandard() throws IOException {
    Ignores ignores =
        new Ignores(
            new IgnoreFile("f", List.of(entry("DMA-MAP-003 reason=\"known\""))), Optional.empty());
    FindingReport report = new FindingReport(Grouping.CAUSE, ignores);
    report.facts(new CaptureFacts("c", "a b.txt", "ftrace-text", "6.12", "", false));
    report.coverage(Samples.COVERAGE);
    report.violation(doubleUnmap("nvme", 812, 0x1000));
    report.violation(doubleUnmap("nvme", 813, 0x1000));
    report.violation(wrongSize("nvme", 820, "events were lost"));

    String log = print(report.report());

    String schema = Files.readString(Path.of("src/test/resources/sarif-2.1.0.subset.schema.json"));
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema, InputFormat.JSON)
                .validate(log, InputFormat.JSON))
        .isEqualTo(List.of());
    assertThat(new ObjectMapper().readTree(log).at("/runs/0/results/1/suppressions/0"))
        .isEqualTo(
            new ObjectMapper().readTree("{\"kind\": \"external\", \"justification\": \"known\"}"));
  }

  private static IgnoreEntry entry(String line) {
    try {
      return IgnoreFile.parse("f", List.of(line)).entries().getFirst();
    } catch (IgnoreFileException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void result_pointsAtTheLineAndAtWhatItConflictsWith() throws IOException {
    JsonNode result =
        run(Samples.report(Grouping.CAUSE, doubleUnmap("nvme", 812, 0x1000))).at("/results/0");

    assertThat(result.at("/ruleId").asText()).isEqualTo("DMA-MAP-001");
    assertThat(result.at("/level").asText()).isEqualTo("error");
    assertThat(result.at("/locations/0/physicalLocation/region/startLine").asInt()).isEqualTo(812);
    assertThat(result.at("/relatedLocations/0/message/text").asText()).isEqualTo("unmapped here");
  }

  @Test
  void fingerprint_isTheSameInAnotherCapture() throws IOException {
    JsonNode one = run(Samples.report(Grouping.CAUSE, doubleUnmap("nvme", 812, 0x1000)));
    JsonNode other =
        run(
            Samples.report(
                Grouping.CAUSE, wrongSize("nvme", 5, ""), doubleUnmap("nvme", 9, 0xfeed000)));

    String path = "/partialFingerprints/dmascopeCause~1v1";
    assertThat(other.at("/results/1" + path)).isEqualTo(one.at("/results/0" + path));
    assertThat(one.at("/results/0" + path).asText()).matches("[0-9a-f]{32}");
  }

  @Test
  void fingerprintsOfOneRun_areDistinct() throws IOException {
    JsonNode results =
        run(Samples.report(
                Grouping.OCCURRENCE,
                doubleUnmap("nvme", 812, 0x1000),
                doubleUnmap("nvme", 813, 0x1000)))
            .at("/results");

    assertThat(results.at("/0/partialFingerprints"))
        .isNotEqualTo(results.at("/1/partialFingerprints"));
  }

  @Test
  void rules_areIndexedByTheResults() throws IOException {
    JsonNode run = run(Samples.report(Grouping.CAUSE, wrongSize("nvme", 812, "")));

    JsonNode rule = run.at("/tool/driver/rules/" + run.at("/results/0/ruleIndex").asInt());
    assertThat(rule.at("/id").asText()).isEqualTo("DMA-MAP-003");
    assertThat(rule.at("/shortDescription/text").asText()).isEqualTo("title of DMA-MAP-003");
  }

  @Test
  void fileNames_areQuoted() throws IOException {
    CaptureFacts facts = new CaptureFacts("c", "my traces/a:b#1.txt", "ftrace-text", "", "", false);
    CaptureReport report =
        new CaptureReport(
            facts,
            Samples.INPUT,
            List.of(),
            List.of(),
            List.of(),
            Samples.COVERAGE,
            Optional.empty());

    assertThat(run(report).at("/artifacts/0/location/uri").asText())
        .isEqualTo("my%20traces/a:b%231.txt");
  }

  @Test
  void suspicion_isToldInTheMessage() throws IOException {
    assertThat(
            run(Samples.report(Grouping.CAUSE, wrongSize("nvme", 8, "events were lost")))
                .at("/results/0/message/text")
                .asText())
        .startsWith("nvme: unmaps with another size")
        .endsWith("(suspect: events were lost)");
  }

  private static JsonNode run(CaptureReport report) throws IOException {
    return new ObjectMapper().readTree(print(report)).at("/runs/0");
  }

  private static String print(CaptureReport report) throws IOException {
    StringWriter out = new StringWriter();
    try (SarifReport sarif = new SarifReport(out, "0.1.0", id -> "title of " + id)) {
      sarif.capture(report);
    }
    return out.toString();
  }
}
