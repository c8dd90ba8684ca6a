package io.dmascope.analytics.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import io.dmascope.analytics.ignore.IgnoreEntry;
import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.DoubtKind;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.LiveSite;
import io.dmascope.model.finding.PremiseKind;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Verdict;
import io.dmascope.model.finding.Violation;
import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/**
 * Reports as one JSON object with a {@code captures} array: a contract, written down in {@code
 * docs/check.schema.json}. Fields are only ever added.
 */
public final class JsonReport implements ReportWriter {
  private final Writer out;
  private final JsonGenerator json;

  private final boolean showIgnored;
  private boolean capturesOpen = true;

  public JsonReport(Writer out) throws IOException {
    this(out, false);
  }

  /**
   * @param showIgnored true to list what the ignore file took
   */
  public JsonReport(Writer out, boolean showIgnored) throws IOException {
    this.out = out;
    this.showIgnored = showIgnored;
    this.json = generator(out);
    json.writeStartObject();
    json.writeArrayFieldStart("captures");
  }

  /** A generator whose bytes depend on nothing but what is written. */
  static JsonGenerator generator(Writer out) throws IOException {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    return new JsonFactory()
        .createGenerator(out)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
        .setPrettyPrinter(
            new DefaultPrettyPrinter()
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter)
                .withSeparators(
                    Separators.createDefaultInstance()
                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER)));
  }

  @Override
  public void capture(CaptureReport report) throws IOException {
    CaptureFacts facts = report.facts();
    json.writeStartObject();
    json.writeStringField("file", facts.file());
    json.writeStringField("format", facts.format());
    json.writeStringField("kernel", facts.kernelRelease());
    input(report.input());
    json.writeArrayFieldStart("findings");
    Fingerprints fingerprints = new Fingerprints();
    for (Finding finding : report.findings()) {
      json.writeStartObject();
      finding(finding, fingerprints);
      json.writeEndObject();
    }
    json.writeEndArray();
    unjudged(report.unjudged());
    ignored(report.ignored(), fingerprints);
    if (report.live().isPresent()) {
      live(report.live().get());
    }
    rules(report.coverage());
    json.writeEndObject();
  }

  private void unjudged(List<Unjudged> unjudged) throws IOException {
    json.writeArrayFieldStart("unjudged");
    for (Unjudged each : unjudged) {
      json.writeStartObject();
      json.writeStringField("because", each.doubt().name());
      json.writeStringField("device", each.device());
      json.writeNumberField("occurrences", each.occurrences());
      json.writeObjectFieldStart("rules");
      for (Map.Entry<String, Long> rule : each.byRule().entrySet()) {
        json.writeNumberField(rule.getKey(), rule.getValue());
      }
      json.writeEndObject();
      json.writeObjectFieldStart("first");
      event(each.first());
      json.writeEndObject();
      json.writeObjectFieldStart("last");
      event(each.last());
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void ignored(List<IgnoredFinding> ignored, Fingerprints fingerprints) throws IOException {
    json.writeObjectFieldStart("ignored");
    json.writeNumberField("findings", ignored.size());
    json.writeNumberField(
        "occurrences", ignored.stream().mapToLong(each -> each.finding().count()).sum());
    json.writeEndObject();
    if (!showIgnored) {
      return;
    }
    json.writeArrayFieldStart("ignored_findings");
    for (IgnoredFinding each : ignored) {
      json.writeStartObject();
      finding(each.finding(), fingerprints);
      json.writeObjectFieldStart("ignored_by");
      entry(each.entry());
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void live(List<LiveSite> sites) throws IOException {
    json.writeArrayFieldStart("live");
    for (LiveSite site : sites) {
      json.writeStartObject();
      json.writeStringField("device", site.device());
      json.writeStringField("mapped_as", site.kind().debugName());
      json.writeStringField("direction", site.direction().name());
      json.writeNumberField("size_up_to", unsigned(site.sizeClass()));
      json.writeNumberField("count", site.count());
      json.writeNumberField("bytes", unsigned(site.bytes()));
      json.writeObjectFieldStart("oldest");
      event(site.oldest());
      json.writeEndObject();
      json.writeObjectFieldStart("newest");
      event(site.newest());
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void entry(IgnoreEntry entry) throws IOException {
    json.writeNumberField("line", entry.line());
    json.writeStringField("rule", entry.rule());
    json.writeStringField("until", entry.until().map(LocalDate::toString).orElse(""));
    json.writeStringField("reason", entry.reason());
  }

  @Override
  public void ignores(Ignores ignores) throws IOException {
    if (ignores.size() == 0) {
      return;
    }
    json.writeEndArray();
    capturesOpen = false;
    json.writeObjectFieldStart("ignore_file");
    json.writeStringField("name", ignores.name());
    json.writeNumberField("entries", ignores.size());
    entries("unused", ignores.unused());
    entries("expired", ignores.expired());
    json.writeNumberField("undated", ignores.undated());
    json.writeEndObject();
  }

  private void entries(String name, List<IgnoreEntry> entries) throws IOException {
    json.writeArrayFieldStart(name);
    for (IgnoreEntry entry : entries) {
      json.writeStartObject();
      entry(entry);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  @Override
  public void close() throws IOException {
    if (capturesOpen) {
      json.writeEndArray();
    }
    json.writeEndObject();
    json.close();
    out.write('\n');
    out.flush();
  }

  private void input(InputCounts input) throws IOException {
    input(json, input);
  }

  static void input(JsonGenerator json, InputCounts input) throws IOException {
    json.writeObjectFieldStart("input");
    json.writeNumberField("lines", input.lines());
    json.writeNumberField("events", input.events());
    json.writeNumberField("decoded", input.decoded());
    json.writeNumberField("skipped", input.skipped());
    json.writeNumberField("issues", input.issues());
    json.writeNumberField("lost", input.lost());
    json.writeEndObject();
  }

  private void finding(Finding finding, Fingerprints fingerprints) throws IOException {
    Violation violation = finding.first();
    json.writeStringField("rule", violation.ruleId());
    json.writeStringField("confidence", violation.confidence().name());
    json.writeStringField("because", violation.because());
    verdict(json, violation.verdict());
    json.writeStringField("severity", violation.severity().name());
    json.writeStringField("device", violation.device());
    json.writeStringField("dma_addr", Numbers.hex(violation.dmaAddr()));
    json.writeNumberField("size", unsigned(violation.sizeBytes()));
    json.writeStringField("direction", violation.direction().name());
    json.writeNumberField("count", finding.count());
    event(violation.at());
    json.writeStringField("message", violation.message());
    json.writeArrayFieldStart("related");
    for (RelatedEvent related : violation.related()) {
      json.writeStartObject();
      json.writeStringField("what", related.what());
      event(related.at());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeStringField("fingerprint", fingerprints.next(violation));
    json.writeNumberField("last_timestamp_ns", unsigned(finding.last().timestampNs()));
    json.writeNumberField("last_place", Places.number(finding.last()));
  }

  static void verdict(JsonGenerator json, Verdict verdict) throws IOException {
    json.writeStringField("doubt", verdict.doubtKind().map(DoubtKind::name).orElse(""));
    json.writeArrayFieldStart("premises");
    for (PremiseKind premise : verdict.premises()) {
      json.writeString(premise.name());
    }
    json.writeEndArray();
  }

  private void event(EventRef at) throws IOException {
    json.writeNumberField("sequence", at.sequence());
    json.writeNumberField("timestamp_ns", unsigned(at.timestampNs()));
    json.writeNumberField("cpu", at.cpu());
    json.writeNumberField("pid", at.pid());
    json.writeStringField("comm", at.comm());
    json.writeNumberField("place", Places.number(at));
    if (Places.isBeside(at)) {
      json.writeStringField("companion", Places.companion(at));
    }
  }

  private void rules(RuleCoverage coverage) throws IOException {
    json.writeObjectFieldStart("rules");
    json.writeArrayFieldStart("checked");
    for (String rule : coverage.checked()) {
      json.writeString(rule);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("not_checked");
    for (RuleCoverage.NotChecked rule : coverage.notChecked()) {
      json.writeStartObject();
      json.writeStringField("rule", rule.ruleId());
      json.writeStringField("because", rule.because());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Sizes and stamps are unsigned; only hostile ones need the sign bit. */
  private static BigInteger unsigned(long value) {
    return value >= 0 ? BigInteger.valueOf(value) : new BigInteger(Long.toUnsignedString(value));
  }
}
