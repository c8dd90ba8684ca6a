package io.dmascope.analytics;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Violation;
import io.dmascope.model.rig.RigManifest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** What is known of one label value of captures: one, or all beyond the limit together. */
final class CaptureAggregate {
  private final String label;
  private final AnalyticsLimits limits;
  private final Map<String, DeviceAggregate> devices = new LinkedHashMap<>();
  private final Map<FindingKey, Long> findings = new LinkedHashMap<>();
  private final Map<String, Long> ignored = new LinkedHashMap<>();
  private final Latest<InputCounts> input = new Latest<>((earlier, later) -> later);
  private final Latest<Progress> progress = new Latest<>(Progress::later);
  private final Timeline timeline;
  private final CapturePage page;
  private Optional<CaptureFacts> facts = Optional.empty();
  private Optional<RuleCoverage> coverage = Optional.empty();
  private long lastTimestampNs;
  private long lastRecord;

  CaptureAggregate(String label, AnalyticsLimits limits, PageLimits pageLimits) {
    this.label = label;
    this.limits = limits;
    this.timeline = new Timeline(limits.timelinePoints(), 1);
    this.page = new CapturePage(pageLimits);
  }

  String label() {
    return label;
  }

  void facts(CaptureFacts newest) {
    facts = Optional.of(newest.withRig(RigManifest.UNKNOWN)); // large, and nobody asks here
    page.facts(facts.get());
  }

  void coverage(RuleCoverage newest) {
    coverage = Optional.of(newest);
    page.coverage(newest);
  }

  boolean input(String captureId, InputCounts newest) {
    page.input(newest);
    return input.put(captureId, newest);
  }

  /** Takes in how far the replay is; false where its source is one too many to be summed. */
  boolean progress(String captureId, Progress newest) {
    // A result may be read before the summaries that led to it: each point tells what it knew.
    timeline.addCount(newest.timestampNs(), newest.events());
    lastTimestampNs = Math.max(lastTimestampNs, newest.timestampNs());
    page.seen(newest.timestampNs());
    return progress.put(captureId, newest);
  }

  /** The replay came to the end of the capture; when that was, its summaries tell. */
  boolean ended(String captureId, long lastSequence) {
    return progress.put(captureId, Progress.at(lastSequence, lastTimestampNs));
  }

  /** Takes a finding in; false where it had to be counted under {@code other}. */
  boolean add(DeviceAggregate device, Violation violation) {
    device.addFinding();
    page.violation(Shortened.violation(violation));
    FindingKey exact =
        new FindingKey(
            device.label(),
            AnalyticsLimits.name(violation.ruleId()),
            violation.severity(),
            violation.confidence());
    boolean fits =
        findings.containsKey(exact) || findings.size() < limits.findingSeriesPerCapture();
    findings.merge(fits ? exact : exact.ofOthers(), 1L, Long::sum);
    return fits;
  }

  /** Counts a finding that nobody wants to see, by its rule; false where under {@code other}. */
  boolean ignore(Violation violation) {
    String rule = AnalyticsLimits.name(violation.ruleId());
    boolean fits = ignored.containsKey(rule) || ignored.size() < limits.findingSeriesPerCapture();
    ignored.merge(fits ? rule : AnalyticsLimits.OTHER, 1L, Long::sum);
    return fits;
  }

  /** Returns the device's aggregate, or the one of {@code other} where there is no room. */
  DeviceAggregate device(String name) {
    String device = AnalyticsLimits.name(name);
    boolean fits = devices.containsKey(device) || devices.size() < limits.devicesPerCapture();
    return devices.computeIfAbsent(
        fits ? device : AnalyticsLimits.OTHER,
        deviceLabel -> new DeviceAggregate(deviceLabel, limits.timelinePoints()));
  }

  /** Remembers that this record, counted over all captures, was about this capture. */
  void touch(long record) {
    lastRecord = record;
  }

  long lastRecord() {
    return lastRecord;
  }

  /** True once the model has closed the capture. */
  boolean ended() {
    return coverage.isPresent();
  }

  /** What the page shows; without meaning for {@code other}, where captures mix. */
  CapturePage page() {
    return page;
  }

  Optional<CaptureFacts> facts() {
    return facts;
  }

  Optional<RuleCoverage> coverage() {
    return coverage;
  }

  /** False until a producer or the end of the capture says how its lines were accounted for. */
  boolean hasInput() {
    return input.sources() > 0;
  }

  long input(ToLongFunction<InputCounts> component) {
    return input.total(component);
  }

  long eventsReplayed() {
    return progress.total(Progress::events);
  }

  long lastTimestampNs() {
    return lastTimestampNs;
  }

  /** One column: events replayed. Without meaning for {@code other}, where clocks mix. */
  Timeline timeline() {
    return timeline;
  }

  Collection<DeviceAggregate> devices() {
    return devices.values();
  }

  Map<FindingKey, Long> findings() {
    return findings;
  }

  /** Findings that the ignore file takes, by rule. */
  Map<String, Long> ignored() {
    return ignored;
  }

  long findings(Severity severity, Confidence confidence) {
    return findings.entrySet().stream()
        .filter(e -> e.getKey().severity() == severity && e.getKey().confidence() == confidence)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
