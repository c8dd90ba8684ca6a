package io.dmascope.analytics.report;

import static io.dmascope.analytics.report.Samples.doubleUnmap;
import static io.dmascope.analytics.report.Samples.wrongSize;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.dmascope.model.finding.EventRef;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class JsonReportTest {
  private static final Path SCHEMA = Path.of("..", "docs", "check.schema.json");

  private static final CaptureReport REPORT =
      Samples.report(
          Grouping.CAUSE,
          doubleUnmap("0000:00:0c.0", 812, 0xffffffffffffe000L),
          wrongSize("0000:00:0c.0", 820, "3 events were lost on CPU 1 before"),
          doubleUnmap("", 830, 0, new EventRef(3, -1, -1, -1, "", -830)));

  @Test
  void output_keepsTheContract() throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(SCHEMA), InputFormat.JSON);

    CaptureReport lossy =
        Samples.report(Grouping.CAUSE, Samples.lost(9), Samples.suspicions("0000:00:0c.0"));
    assertThat(lossy.unjudged()).isNotEmpty();
    assertThat(schema.validate(print(REPORT, lossy), InputFormat.JSON)).isEmpty();
  }

  @Test
  void contract_refusesAnythingElse() throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(SCHEMA), InputFormat.JSON);

    String other = print(REPORT).replaceFirst("\"dma_addr\": \"0x", "\"dma_addr\": \"");

    assertThat(schema.validate(other, InputFormat.JSON)).isNotEmpty();
  }

  @Test
  void addresses_areUnsignedHexadecimalAndStampsIntegers() throws IOException {
    JsonNode finding = finding(1);

    assertThat(finding.get("dma_addr").asText()).isEqualTo("0xffffffffffffe000");
    assertThat(finding.get("timestamp_ns").isIntegralNumber()).isTrue();
    assertThat(finding.get("timestamp_ns").asLong()).isEqualTo(15_334_619_000L);
  }

  @Test
  void finding_carriesWhatItConflictsWith() throws IOException {
    JsonNode related = finding(1).get("related").get(0);

    assertThat(related.get("what").asText()).isEqualTo("unmapped here");
    assertThat(related.get("place").asLong()).isEqualTo(811);
  }

  @Test
  void noCapture_isAnEmptyList() throws IOException {
    assertThat(new ObjectMapper().readTree(print()).get("captures")).isEmpty();
  }

  private static JsonNode finding(int index) throws IOException {
    return new ObjectMapper().readTree(print(REPORT)).at("/captures/0/findings/" + index);
  }

  private static String print(CaptureReport... reports) throws IOException {
    StringWriter out = new StringWriter();
    try (JsonReport json = new JsonReport(out)) {
      for (CaptureReport report : reports) {
        json.capture(report);
      }
    }
    return out.toString();
  }
}
