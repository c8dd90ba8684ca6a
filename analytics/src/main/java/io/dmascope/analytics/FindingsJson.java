package io.dmascope.analytics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dmascope.analytics.report.CaptureReport;
import io.dmascope.analytics.report.JsonReport;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Findings of a capture by cause. Each has the very fields that {@code dmascope check --format
 * json} gives it, and its time from the beginning of the capture.
 */
final class FindingsJson {
  private static final JsonMapper MAPPER = new JsonMapper();

  private FindingsJson() {}

  /**
   * Which findings are wanted; what is empty is not asked for.
   *
   * @param fromNs time since the beginning of the capture, of the first occurrence
   */
  record Filter(
      Optional<String> rule,
      Optional<String> device,
      Optional<String> severity,
      Optional<String> confidence,
      long fromNs,
      long toNs) {
    Filter(Query query) {
      this(
          query.text("rule"),
          query.text("device"),
          query.text("severity"),
          query.text("confidence"),
          query.number("from", Long.MIN_VALUE),
          query.number("to", Long.MAX_VALUE));
    }

    boolean fits(JsonNode finding) {
      long offsetNs = finding.path("offset_ns").asLong();
      return fits(rule, finding, "rule")
          && fits(device, finding, "device")
          && fits(severity, finding, "severity")
          && fits(confidence, finding, "confidence")
          && offsetNs >= fromNs
          && offsetNs <= toNs;
    }

    private static boolean fits(Optional<String> wanted, JsonNode finding, String field) {
      return wanted.isEmpty() || wanted.get().equalsIgnoreCase(finding.path(field).asText());
    }
  }

  /** Some of the findings that a filter lets through, in the order of the capture. */
  static ObjectNode page(CaptureAggregate capture, Filter filter, long offset, int limit) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", PageApi.VERSION);
    root.put("capture", capture.label());
    ArrayNode findings = root.putArray("findings");
    JsonNode document = document(capture.page().report());
    long beginNs = CaptureJson.beginNs(capture);
    long matching = 0;
    for (JsonNode each : document.path("findings")) {
      ObjectNode finding = (ObjectNode) each;
      finding.put("offset_ns", finding.path("timestamp_ns").asLong() - beginNs);
      for (JsonNode related : finding.path("related")) {
        ((ObjectNode) related).put("offset_ns", related.path("timestamp_ns").asLong() - beginNs);
      }
      if (filter.fits(finding)) {
        if (matching >= offset && findings.size() < limit) {
          findings.add(finding);
        }
        matching++;
      }
    }
    root.put("matching", matching);
    root.put("offset", offset);
    root.set("not_judged", document.path("unjudged"));
    return root;
  }

  private static JsonNode document(CaptureReport report) {
    StringWriter text = new StringWriter();
    try (JsonReport json = new JsonReport(text)) {
      json.capture(report);
    } catch (IOException e) {
      throw new UncheckedIOException("a string takes whatever is written to it", e);
    }
    try {
      return MAPPER.readTree(text.toString()).path("captures").path(0);
    } catch (IOException e) {
      throw new UncheckedIOException("what was written as JSON reads as JSON", e);
    }
  }
}
