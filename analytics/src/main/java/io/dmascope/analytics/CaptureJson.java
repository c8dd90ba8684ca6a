package io.dmascope.analytics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dmascope.analytics.report.CaptureReport;
import io.dmascope.analytics.report.Finding;
import io.dmascope.analytics.report.Unjudged;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Severity;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Captures as JSON: a row each for the fleet, and one whole with its devices. */
final class CaptureJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Points of the small line in a row of the fleet. */
  private static final int SPARK_POINTS = 48;

  private CaptureJson() {}

  /** Every capture in a row, and how the service itself stands. */
  static ObjectNode fleet(AnalyticsState state, long nowNs) {
    ObjectNode root = NODES.objectNode();
    root.put("version", PageApi.VERSION);
    root.put("now_ns", nowNs);
    root.put("caught_up", state.caughtUp());
    state.replayLagRecords().ifPresent(lag -> root.put("replay_lag_records", lag));
    state.kafka().durationNs(nowNs).ifPresent(ns -> root.put("kafka_silent_ns", ns));
    root.put("quarantined", sum(state.quarantinedByTopic()));
    root.put("captures_retired", state.captures().retired());
    ObjectNode overflows = root.putObject("overflows");
    state.overflows().forEach((what, count) -> overflows.put(lower(what), count));
    ArrayNode captures = root.putArray("captures");
    for (CaptureAggregate capture : state.captures().all()) {
      captures.add(row(capture));
    }
    return root;
  }

  /** One capture with its devices, their series and the coverage of rules. */
  static ObjectNode whole(CaptureAggregate capture) {
    ObjectNode node = row(capture);
    node.put("version", PageApi.VERSION);
    node.put("mappings_ended", capture.page().mappings().total());
    long beginNs = beginNs(capture);
    ArrayNode devices = node.putArray("devices");
    capture.devices().forEach(device -> devices.add(device(device, beginNs)));
    ObjectNode coverage = node.putObject("coverage");
    RuleCoverage rules = capture.page().report().coverage();
    ArrayNode checked = coverage.putArray("checked");
    rules.checked().forEach(checked::add);
    ArrayNode notChecked = coverage.putArray("not_checked");
    rules
        .notChecked()
        .forEach(
            rule ->
                notChecked.addObject().put("rule", rule.ruleId()).put("because", rule.because()));
    return node;
  }

  /** The first moment that is shown; all times of a capture's documents count from it. */
  static long beginNs(CaptureAggregate capture) {
    return capture.page().firstNs().orElse(capture.lastTimestampNs());
  }

  private static ObjectNode row(CaptureAggregate capture) {
    ObjectNode node = NODES.objectNode();
    CaptureReport report = capture.page().report();
    long beginNs = beginNs(capture);
    node.put("capture", capture.label());
    Optional<CaptureFacts> facts = capture.facts();
    node.put("file", facts.map(CaptureFacts::file).map(AnalyticsLimits::name).orElse(""));
    node.put("format", facts.map(CaptureFacts::format).map(AnalyticsLimits::name).orElse(""));
    node.put(
        "kernel", facts.map(CaptureFacts::kernelRelease).map(AnalyticsLimits::name).orElse(""));
    node.put("ended", capture.ended());
    node.put("events", capture.eventsReplayed());
    node.put("begin_ns", Long.toUnsignedString(beginNs));
    node.put("duration_ns", Math.max(0, capture.lastTimestampNs() - beginNs));
    if (capture.hasInput()) {
      input(node.putObject("input"), capture);
    }
    node.putObject("rules")
        .put("checked", report.coverage().checked().size())
        .put("not_checked", report.coverage().notChecked().size());
    findings(node, report);
    node.put("not_judged", report.unjudged().stream().mapToLong(Unjudged::occurrences).sum());
    node.put("ignored", sum(capture.ignored()));
    node.put("devices_seen", capture.devices().size());
    spark(node.putObject("live"), capture, beginNs);
    return node;
  }

  private static void input(ObjectNode node, CaptureAggregate capture) {
    node.put("lines", capture.input(InputCounts::lines));
    node.put("events", capture.input(InputCounts::events));
    node.put("decoded", capture.input(InputCounts::decoded));
    node.put("skipped", capture.input(InputCounts::skipped));
    node.put("issues", capture.input(InputCounts::issues));
    node.put("lost", capture.input(InputCounts::lost));
  }

  /** Counts by severity and confidence, of causes and of occurrences, and by rule. */
  private static void findings(ObjectNode node, CaptureReport report) {
    Map<Severity, EnumMap<Confidence, Long>> causes = new EnumMap<>(Severity.class);
    Map<String, ObjectNode> byRule = new TreeMap<>();
    long occurrences = 0;
    for (Finding finding : report.findings()) {
      Severity severity = finding.first().severity();
      causes
          .computeIfAbsent(severity, _ -> new EnumMap<>(Confidence.class))
          .merge(finding.first().confidence(), 1L, Long::sum);
      occurrences += finding.count();
      ObjectNode rule = byRule.computeIfAbsent(finding.first().ruleId(), _ -> NODES.objectNode());
      rule.put("rule", AnalyticsLimits.name(finding.first().ruleId()));
      rule.put("severity", lower(severity));
      rule.put("causes", rule.path("causes").asLong() + 1);
      rule.put("occurrences", rule.path("occurrences").asLong() + finding.count());
    }
    ObjectNode counts = node.putObject("causes");
    for (Severity severity : Severity.values()) {
      ObjectNode bySeverity = counts.putObject(lower(severity));
      Map<Confidence, Long> of = causes.getOrDefault(severity, new EnumMap<>(Confidence.class));
      for (Confidence confidence : Confidence.values()) {
        bySeverity.put(lower(confidence), of.getOrDefault(confidence, 0L));
      }
    }
    node.put("occurrences", occurrences);
    ArrayNode rules = node.putArray("by_rule");
    byRule.values().forEach(rules::add);
  }

  /** Live mappings of all devices together, in few points. */
  private static void spark(ObjectNode node, CaptureAggregate capture, long beginNs) {
    long span = Math.max(1, capture.lastTimestampNs() - beginNs);
    long[] live = new long[SPARK_POINTS];
    for (DeviceAggregate device : capture.devices()) {
      long[] stamps = device.timeline().timestampsNs();
      long[] values = device.timeline().column(DeviceAggregate.Column.LIVE_MAPPINGS.ordinal());
      int next = 0;
      long value = 0;
      for (int point = 0; point < SPARK_POINTS; point++) {
        long until = beginNs + span / SPARK_POINTS * (point + 1) + span % SPARK_POINTS;
        while (next < stamps.length && stamps[next] <= until) {
          value = values[next++];
        }
        live[point] += value;
      }
    }
    ArrayNode points = node.putArray("live_mappings");
    for (long value : live) {
      points.add(value);
    }
  }

  private static ObjectNode device(DeviceAggregate device, long beginNs) {
    ObjectNode node = NODES.objectNode();
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
    node.put("occurrences", device.findings());
    distribution(node.putObject("lifetime_ns"), device.lifetimes());
    distribution(node.putObject("size_bytes"), device.sizes());
    ObjectNode series = node.putObject("series");
    ArrayNode offsets = series.putArray("offset_ns");
    for (long stamp : device.timeline().timestampsNs()) {
      offsets.add(stamp - beginNs);
    }
    for (DeviceAggregate.Column column : DeviceAggregate.Column.values()) {
      ArrayNode values = series.putArray(lower(column));
      for (long value : device.timeline().column(column.ordinal())) {
        values.add(value);
      }
    }
    return node;
  }

  /** Buckets as they are kept; the last one has no upper bound. */
  private static void distribution(ObjectNode node, Distribution distribution) {
    node.put("count", distribution.count());
    node.put("sum", distribution.sum());
    ArrayNode bounds = node.putArray("at_most");
    for (long bound : distribution.bounds()) {
      bounds.add(bound);
    }
    ArrayNode counts = node.putArray("counts");
    for (long count : distribution.counts()) {
      counts.add(count);
    }
    putQuantile(node, "p50_at_most", distribution.quantileAtMost(0.5));
    putQuantile(node, "p99_at_most", distribution.quantileAtMost(0.99));
  }

  private static void putQuantile(ObjectNode node, String name, long bound) {
    if (bound >= 0 && bound < Long.MAX_VALUE) {
      node.put(name, bound);
    }
  }

  private static long sum(Map<?, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
