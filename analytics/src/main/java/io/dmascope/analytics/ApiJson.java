package io.dmascope.analytics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dmascope.analytics.report.Places;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Violation;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The aggregates as JSON; the shapes are in {@code docs/api.md}. Addresses are hexadecimal strings
 * and stamps integers, as in the output of {@code dmascope check}; a stamp also comes as text,
 * since JavaScript's numbers end at 2^53.
 */
final class ApiJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final long NS_PER_SECOND = 1_000_000_000L;

  private ApiJson() {}

  static byte[] bytes(ObjectNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain nodes always serialises", e);
    }
  }

  /** Totals of everything, then per capture, device and rule. */
  static ObjectNode summary(AnalyticsState state, long nowNs) {
    var captures = state.captures().all();
    ObjectNode root = NODES.objectNode();
    root.put("now_ns", nowNs);
    root.put("caught_up", state.caughtUp());
    root.put("findings", state.findingLog().lastId());
    state.replayLagRecords().ifPresent(lag -> root.put("replay_lag_records", lag));
    state.kafka().durationNs(nowNs).ifPresent(ns -> root.put("kafka_silent_ns", ns));
    root.put("quarantined", sum(state.quarantinedByTopic()));
    ObjectNode overflows = root.putObject("overflows");
    state.overflows().forEach((what, count) -> overflows.put(lower(what), count));
    root.put("captures_retired", state.captures().retired());
    ArrayNode captureList = root.putArray("captures");
    ArrayNode deviceList = root.putArray("devices");
    ArrayNode ruleList = root.putArray("rules");
    for (CaptureAggregate capture : captures) {
      captureList.add(capture(capture));
      capture.devices().forEach(device -> deviceList.add(device(capture.label(), device)));
      ruleList.addAll(rules(capture));
    }
    return root;
  }

  private static ObjectNode capture(CaptureAggregate capture) {
    ObjectNode node = NODES.objectNode();
    node.put("capture", capture.label());
    Optional<CaptureFacts> facts = capture.facts();
    node.put("file", facts.map(CaptureFacts::file).map(AnalyticsLimits::name).orElse(""));
    node.put("format", facts.map(CaptureFacts::format).map(AnalyticsLimits::name).orElse(""));
    node.put(
        "kernel", facts.map(CaptureFacts::kernelRelease).map(AnalyticsLimits::name).orElse(""));
    node.put("ended", capture.ended());
    node.put("events", capture.eventsReplayed());
    node.put("last_timestamp_ns", capture.lastTimestampNs());
    node.put("last_time", seconds(capture.lastTimestampNs()));
    if (capture.hasInput()) {
      ObjectNode input = node.putObject("input");
      input.put("lines", capture.input(InputCounts::lines));
      input.put("events", capture.input(InputCounts::events));
      input.put("decoded", capture.input(InputCounts::decoded));
      input.put("skipped", capture.input(InputCounts::skipped));
      input.put("issues", capture.input(InputCounts::issues));
      input.put("lost", capture.input(InputCounts::lost));
    }
    capture.coverage().ifPresent(coverage -> node.set("rules", coverage(coverage)));
    ObjectNode findings = node.putObject("findings");
    for (Severity severity : Severity.values()) {
      ObjectNode bySeverity = findings.putObject(lower(severity));
      for (Confidence confidence : Confidence.values()) {
        bySeverity.put(lower(confidence), capture.findings(severity, confidence));
      }
    }
    node.put("ignored", capture.ignored().values().stream().mapToLong(Long::longValue).sum());
    return node;
  }

  private static ObjectNode coverage(RuleCoverage coverage) {
    ObjectNode node = NODES.objectNode();
    node.put("checked", coverage.checked().size());
    node.put("not_checked", coverage.notChecked().size());
    return node;
  }

  private static ObjectNode device(String capture, DeviceAggregate device) {
    ObjectNode node = NODES.objectNode();
    node.put("capture", capture);
    node.put("device", device.label());
    node.put("live_mappings", device.total(DeviceSummary::liveMappings));
    node.put("live_bytes", device.total(DeviceSummary::liveBytes));
    node.put("maps", device.total(DeviceSummary::maps));
    node.put("unmaps", device.total(DeviceSummary::unmaps));
    node.put("map_failures", device.total(DeviceSummary::mapFailures));
    node.put("mapped_bytes", device.total(DeviceSummary::mappedBytes));
    node.put("bounces", device.total(DeviceSummary::bounces));
    node.put("bounced_bytes", device.total(DeviceSummary::bouncedBytes));
    node.put("sg_entries_in", device.total(DeviceSummary::sgEntriesIn));
    node.put("sg_entries_out", device.total(DeviceSummary::sgEntriesOut));
    node.put("findings", device.findings());
    node.set("lifetime_ns", lifetimes(device.lifetimes()));
    return node;
  }

  /** Upper bounds of the quantiles; absent where nothing ended or no bound is known. */
  private static ObjectNode lifetimes(Distribution lifetimes) {
    ObjectNode node = NODES.objectNode();
    node.put("count", lifetimes.count());
    putQuantile(node, "p50_at_most", lifetimes.quantileAtMost(0.5));
    putQuantile(node, "p99_at_most", lifetimes.quantileAtMost(0.99));
    return node;
  }

  private static void putQuantile(ObjectNode node, String name, long boundNs) {
    if (boundNs >= 0 && boundNs < Long.MAX_VALUE) {
      node.put(name, boundNs);
    }
  }

  private record Rule(String id, Severity severity) {
    static final Comparator<Rule> BY_ID =
        Comparator.comparing(Rule::id).thenComparing(Rule::severity);
  }

  /** Counts by rule over all devices of a capture, the most frequent first. */
  private static List<ObjectNode> rules(CaptureAggregate capture) {
    Map<Rule, EnumMap<Confidence, Long>> counts = new TreeMap<>(Rule.BY_ID);
    capture
        .findings()
        .forEach(
            (key, count) ->
                counts
                    .computeIfAbsent(
                        new Rule(key.rule(), key.severity()), r -> new EnumMap<>(Confidence.class))
                    .merge(key.confidence(), count, Long::sum));
    return counts.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> -sum(entry.getValue())))
        .map(entry -> rule(capture.label(), entry.getKey(), entry.getValue()))
        .toList();
  }

  private static ObjectNode rule(String capture, Rule rule, Map<Confidence, Long> counts) {
    ObjectNode node = NODES.objectNode();
    node.put("capture", capture);
    node.put("rule", rule.id());
    node.put("severity", lower(rule.severity()));
    for (Confidence confidence : Confidence.values()) {
      node.put(lower(confidence), counts.getOrDefault(confidence, 0L));
    }
    return node;
  }

  /** Findings newer than an id; {@code forgotten} says how many of them are no longer kept. */
  static ObjectNode findings(AnalyticsState state, long afterId, int max) {
    List<Finding> newer = state.findingLog().after(afterId, max);
    ObjectNode root = NODES.objectNode();
    long last = state.findingLog().lastId();
    root.put("last", last);
    root.put("forgotten", Math.max(0, last - Math.max(0, afterId)) - newer.size());
    ArrayNode list = root.putArray("findings");
    newer.forEach(finding -> list.add(finding(finding)));
    return root;
  }

  private static ObjectNode finding(Finding finding) {
    Violation violation = finding.violation();
    ObjectNode node = NODES.objectNode();
    node.put("id", finding.id());
    node.put("capture", finding.capture());
    node.put("rule", violation.ruleId());
    node.put("severity", lower(violation.severity()));
    node.put("confidence", lower(violation.confidence()));
    node.put("because", violation.because());
    node.put("device", violation.device());
    node.put("dma_addr", "0x%016x".formatted(violation.dmaAddr()));
    node.put("size", violation.sizeBytes());
    node.put("direction", violation.direction().name());
    putEvent(node, violation.at());
    node.put("message", violation.message());
    ArrayNode related = node.putArray("related");
    for (RelatedEvent earlier : violation.related()) {
      putEvent(related.addObject().put("what", earlier.what()), earlier.at());
    }
    return node;
  }

  private static void putEvent(ObjectNode node, EventRef at) {
    node.put("sequence", at.sequence());
    node.put("timestamp_ns", at.timestampNs());
    node.put("time", seconds(at.timestampNs()));
    node.put("cpu", at.cpu());
    node.put("pid", at.pid());
    node.put("comm", at.comm());
    node.put("place", Places.number(at));
    if (Places.isBeside(at)) {
      node.put("companion", Places.companion(at));
    }
  }

  /** Charts over event time: how far the replay got, and how each device stood. */
  static Optional<ObjectNode> timeline(AnalyticsState state, String captureLabel) {
    return state.captures().named(captureLabel).map(ApiJson::timeline);
  }

  private static ObjectNode timeline(CaptureAggregate capture) {
    ObjectNode root = NODES.objectNode();
    root.put("capture", capture.label());
    ObjectNode events = root.putObject("events");
    putAll(events.putArray("timestamp_ns"), capture.timeline().timestampsNs());
    putAll(events.putArray("events"), capture.timeline().column(0));
    ArrayNode devices = root.putArray("devices");
    for (DeviceAggregate device : capture.devices()) {
      ObjectNode node = devices.addObject();
      node.put("device", device.label());
      putAll(node.putArray("timestamp_ns"), device.timeline().timestampsNs());
      for (DeviceAggregate.Column column : DeviceAggregate.Column.values()) {
        putAll(node.putArray(lower(column)), device.timeline().column(column.ordinal()));
      }
    }
    return root;
  }

  private static void putAll(ArrayNode array, long[] values) {
    for (long value : values) {
      array.add(value);
    }
  }

  private static long sum(Map<?, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static String seconds(long timestampNs) {
    long fraction = Math.floorMod(timestampNs, NS_PER_SECOND);
    return "%d.%09d".formatted(Math.floorDiv(timestampNs, NS_PER_SECOND), fraction);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
