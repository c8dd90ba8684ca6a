package io.dmascope.analytics.report;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dmascope.analytics.ignore.IgnoreEntry;
import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Violation;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reports as one run of SARIF 2.1.0, the form that code-scanning services and editors read.
 *
 * <p>A capture is an artifact; its input accounting and the rules that could not be checked are
 * properties of that artifact. Results point at it by index and carry a fingerprint that is the
 * same for the same cause in another capture.
 */
public final class SarifReport implements ReportWriter {
  private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

  private final Writer out;
  private final String toolVersion;
  private final Function<String, String> titleOfRule;
  private final List<CaptureReport> captures = new ArrayList<>();

  /**
   * @param titleOfRule gives the title of a rule id; empty where it knows none
   */
  public SarifReport(Writer out, String toolVersion, Function<String, String> titleOfRule) {
    this.out = out;
    this.toolVersion = toolVersion;
    this.titleOfRule = titleOfRule;
  }

  /** Keeps the report: the rules a run used stand before its results. */
  @Override
  public void capture(CaptureReport report) {
    captures.add(report);
  }

  /** SARIF tells it result by result. */
  @Override
  public void ignores(Ignores ignores) {}

  @Override
  public void close() throws IOException {
    try (JsonGenerator json = JsonReport.generator(out)) {
      json.writeStartObject();
      json.writeStringField("$schema", SCHEMA);
      json.writeStringField("version", "2.1.0");
      json.writeArrayFieldStart("runs");
      json.writeStartObject();
      Map<String, Integer> ruleIndex = tool(json);
      artifacts(json);
      results(json, ruleIndex);
      json.writeStringField("columnKind", "utf16CodeUnits");
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
    }
    out.write('\n');
    out.flush();
  }

  /** Writes the tool with every rule that was checked or fired, and returns their indexes. */
  private Map<String, Integer> tool(JsonGenerator json) throws IOException {
    Map<String, Integer> ruleIndex = new LinkedHashMap<>();
    for (CaptureReport capture : captures) {
      capture.coverage().checked().forEach(id -> ruleIndex.putIfAbsent(id, ruleIndex.size()));
      for (Finding finding : capture.findings()) {
        ruleIndex.putIfAbsent(finding.first().ruleId(), ruleIndex.size());
      }
      for (IgnoredFinding ignored : capture.ignored()) {
        ruleIndex.putIfAbsent(ignored.finding().first().ruleId(), ruleIndex.size());
      }
    }
    json.writeObjectFieldStart("tool");
    json.writeObjectFieldStart("driver");
    json.writeStringField("name", "dmascope");
    json.writeStringField("semanticVersion", toolVersion);
    json.writeArrayFieldStart("rules");
    for (String id : ruleIndex.keySet()) {
      json.writeStartObject();
      json.writeStringField("id", id);
      String title = titleOfRule.apply(id);
      if (!title.isEmpty()) {
        text(json, "shortDescription", title);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
    return ruleIndex;
  }

  private void artifacts(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("artifacts");
    for (CaptureReport capture : captures) {
      json.writeStartObject();
      json.writeObjectFieldStart("location");
      json.writeStringField("uri", uri(capture.facts()));
      json.writeEndObject();
      json.writeObjectFieldStart("properties");
      json.writeStringField("format", capture.facts().format());
      json.writeStringField("kernel", capture.facts().kernelRelease());
      JsonReport.input(json, capture.input());
      json.writeObjectFieldStart("notChecked");
      for (RuleCoverage.NotChecked rule : capture.coverage().notChecked()) {
        json.writeStringField(rule.ruleId(), rule.because());
      }
      json.writeEndObject();
      json.writeArrayFieldStart("unjudged");
      for (Unjudged each : capture.unjudged()) {
        json.writeStartObject();
        json.writeStringField("because", each.because());
        json.writeStringField("device", each.device());
        json.writeNumberField("occurrences", each.occurrences());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void results(JsonGenerator json, Map<String, Integer> ruleIndex) throws IOException {
    json.writeArrayFieldStart("results");
    for (int artifact = 0; artifact < captures.size(); artifact++) {
      Fingerprints fingerprints = new Fingerprints();
      for (Finding finding : captures.get(artifact).findings()) {
        result(json, finding, artifact, ruleIndex, fingerprints, Optional.empty());
      }
      for (IgnoredFinding ignored : captures.get(artifact).ignored()) {
        Optional<IgnoreEntry> entry = Optional.of(ignored.entry());
        result(json, ignored.finding(), artifact, ruleIndex, fingerprints, entry);
      }
    }
    json.writeEndArray();
  }

  private void result(
      JsonGenerator json,
      Finding finding,
      int artifact,
      Map<String, Integer> ruleIndex,
      Fingerprints fingerprints,
      Optional<IgnoreEntry> ignoredBy)
      throws IOException {
    Violation violation = finding.first();
    json.writeStartObject();
    json.writeStringField("ruleId", violation.ruleId());
    json.writeNumberField("ruleIndex", ruleIndex.get(violation.ruleId()));
    json.writeStringField("level", level(violation.severity()));
    text(json, "message", message(violation));
    json.writeNumberField("occurrenceCount", finding.count());
    json.writeArrayFieldStart("locations");
    location(json, artifact, violation.at(), "");
    json.writeEndArray();
    if (!violation.related().isEmpty()) {
      json.writeArrayFieldStart("relatedLocations");
      for (RelatedEvent related : violation.related()) {
        location(json, artifact, related.at(), related.what());
      }
      json.writeEndArray();
    }
    json.writeObjectFieldStart("partialFingerprints");
    json.writeStringField(Fingerprints.KIND, fingerprints.next(violation));
    json.writeEndObject();
    if (ignoredBy.isPresent()) {
      json.writeArrayFieldStart("suppressions");
      json.writeStartObject();
      json.writeStringField("kind", "external");
      json.writeStringField("justification", ignoredBy.get().reason());
      json.writeEndObject();
      json.writeEndArray();
    }
    json.writeObjectFieldStart("properties");
    json.writeStringField("confidence", violation.confidence().name());
    json.writeStringField("because", violation.because());
    JsonReport.verdict(json, violation.verdict());
    json.writeStringField("device", violation.device());
    json.writeStringField("dma_addr", Numbers.hex(violation.dmaAddr()));
    json.writeStringField("comm", violation.at().comm());
    json.writeNumberField("timestamp_ns", violation.at().timestampNs());
    json.writeEndObject();
    json.writeEndObject();
  }

  private void location(JsonGenerator json, int artifact, EventRef at, String what)
      throws IOException {
    CaptureFacts facts = captures.get(artifact).facts();
    json.writeStartObject();
    json.writeObjectFieldStart("physicalLocation");
    json.writeObjectFieldStart("artifactLocation");
    json.writeStringField("uri", uri(facts));
    json.writeNumberField("index", artifact);
    json.writeEndObject();
    if (!Places.isBeside(at)) {
      json.writeObjectFieldStart("region");
      json.writeNumberField(Places.isLine(facts) ? "startLine" : "byteOffset", at.place());
      json.writeEndObject();
    }
    json.writeEndObject();
    if (!what.isEmpty()) {
      text(json, "message", what);
    }
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String field, String text) throws IOException {
    json.writeObjectFieldStart(field);
    json.writeStringField("text", text);
    json.writeEndObject();
  }

  private static String message(Violation violation) {
    String message = violation.message();
    if (!violation.device().isEmpty()) {
      message = violation.device() + ": " + message;
    }
    return violation.confidence() == Confidence.CERTAIN
        ? message
        : message + " (suspect: " + violation.because() + ")";
  }

  private static String level(Severity severity) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case INFO -> "note";
    };
  }

  /** A relative reference where the user gave a relative name: the log may move with its files. */
  private static String uri(CaptureFacts facts) {
    String file = facts.file().equals("-") ? "stdin" : facts.file();
    try {
      return file.startsWith("/")
          ? new URI("file", "", file, null).toASCIIString()
          : new URI(null, null, "/" + file, null).toASCIIString().substring(1);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a path quoted by URI is a URI: " + file, e);
    }
  }
}
