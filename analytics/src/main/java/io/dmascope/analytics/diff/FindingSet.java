package io.dmascope.analytics.diff;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dmascope.analytics.report.CaptureReport;
import io.dmascope.analytics.report.Finding;
import io.dmascope.analytics.report.Fingerprints;
import io.dmascope.model.finding.Violation;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The findings of one side: what was found, by cause, and which rules could be checked at all.
 * Findings that differ in confidence only are one.
 */
public final class FindingSet {
  private final String name;
  private final Map<String, Known> byFingerprint = new LinkedHashMap<>();
  private final TreeSet<String> checked = new TreeSet<>();
  private final Set<Unjudged> unjudged = new HashSet<>();
  private final TreeSet<String> kernels = new TreeSet<>();
  private final Fingerprints fingerprints = new Fingerprints();

  /**
   * A cause as this side knows it.
   *
   * @param count occurrences, certain or suspect
   * @param certain true where at least one is certain
   * @param message of the first occurrence
   */
  record Known(
      String rule, String severity, String device, String message, long count, boolean certain) {
    Known and(Known more) {
      return new Known(
          rule, severity, device, message, count + more.count, certain || more.certain);
    }
  }

  /** A rule that lost events kept from being judged on a device. */
  private record Unjudged(String rule, String device) {}

  private FindingSet(String name) {
    this.name = name;
  }

  /** What was found in a recording just now. */
  public static FindingSet of(String name, CaptureReport report) {
    return of(name, List.of(report));
  }

  /** What was found in several recordings. */
  public static FindingSet of(String name, List<CaptureReport> reports) {
    FindingSet set = new FindingSet(name);
    reports.forEach(set::add);
    return set;
  }

  private void add(CaptureReport report) {
    kernel(report.facts().kernelRelease());
    for (Finding finding : report.findings()) {
      Violation first = finding.first();
      add(
          new Known(
              first.ruleId(),
              first.severity().name(),
              first.device(),
              first.message(),
              finding.count(),
              first.because().isEmpty()));
    }
    for (var each : report.unjudged()) {
      each.byRule().keySet().forEach(rule -> unjudged.add(new Unjudged(rule, each.device())));
    }
    checked.addAll(report.coverage().checked());
  }

  /** Reads what {@code check --format json} printed; empty where the text is something else. */
  public static Optional<FindingSet> parse(String name, String json) {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      return Optional.empty(); // the caller says what it expected
    }
    if (root == null || !root.path("captures").isArray()) {
      return Optional.empty();
    }
    FindingSet set = new FindingSet(name);
    for (JsonNode capture : root.path("captures")) {
      if (!capture.path("findings").isArray() || !capture.path("rules").isObject()) {
        return Optional.empty();
      }
      set.kernel(capture.path("kernel").asText());
      capture.path("findings").forEach(set::add);
      for (JsonNode each : capture.path("unjudged")) {
        String device = each.path("device").asText();
        each.path("rules")
            .fieldNames()
            .forEachRemaining(rule -> set.unjudged.add(new Unjudged(rule, device)));
      }
      capture.at("/rules/checked").forEach(rule -> set.checked.add(rule.asText()));
    }
    return Optional.of(set);
  }

  private void add(JsonNode finding) {
    add(
        new Known(
            finding.path("rule").asText(),
            finding.path("severity").asText(),
            finding.path("device").asText(),
            finding.path("message").asText(),
            Math.max(1, finding.path("count").asLong(1)),
            finding.path("confidence").asText().equals("CERTAIN")));
  }

  private void add(Known known) {
    byFingerprint.merge(
        fingerprints.of(known.rule(), known.device(), known.message()), known, Known::and);
  }

  private void kernel(String release) {
    if (!release.isEmpty()) {
      kernels.add(release);
    }
  }

  /** What the user called it. */
  String name() {
    return name;
  }

  /** Releases of the traced kernels, separated by commas; empty where unknown. */
  String kernels() {
    return String.join(", ", kernels);
  }

  Map<String, Known> byFingerprint() {
    return byFingerprint;
  }

  /** True where this side was held to the rule on that device, and what it lost does not matter. */
  boolean checked(String rule, String device) {
    return checked.contains(rule) && !unjudged.contains(new Unjudged(rule, device));
  }
}
