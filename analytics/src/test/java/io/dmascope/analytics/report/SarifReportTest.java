package io.dmascope.analytics.report;

import static io.dmascope.analytics.report.Samples.doubleUnmap;
import static io.dmascope.analytics.report.Samples.wrongSize;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dmascope.model.event.CaptureFacts;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SarifReportTest {
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
    CaptureReport report = new CaptureReport(facts, Samples.INPUT, List.of(), Samples.COVERAGE);

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
    StringWriter out = new StringWriter();
    try (SarifReport sarif = new SarifReport(out, "0.1.0", id -> "title of " + id)) {
      sarif.capture(report);
    }
    return new ObjectMapper().readTree(out.toString()).at("/runs/0");
  }
}
