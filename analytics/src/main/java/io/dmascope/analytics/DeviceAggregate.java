package io.dmascope.analytics;

import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.MappingLifecycle;
import java.util.function.ToLongFunction;

/** What is known of one label value of devices: one device, or all beyond the limit together. */
final class DeviceAggregate {
  /** Columns of {@link #timeline()}. */
  enum Column {
    LIVE_MAPPINGS,
    LIVE_BYTES,
    MAPS
  }

  private final String label;
  private final Latest<DeviceSummary> summaries = new Latest<>(DeviceAggregate::later);
  private final Distribution lifetimes = Distribution.ofLifetimesNs();
  private final Distribution sizes = Distribution.ofSizesBytes();
  private final Timeline timeline;
  private long findings;

  DeviceAggregate(String label, int timelinePoints) {
    this.label = label;
    this.timeline = new Timeline(timelinePoints, Column.values().length);
  }

  private static DeviceSummary later(DeviceSummary a, DeviceSummary b) {
    return b.sequence() >= a.sequence() ? b : a;
  }

  String label() {
    return label;
  }

  /** Takes a summary in; false where its source is one too many to be summed. */
  boolean add(String source, DeviceSummary summary) {
    if (!summaries.put(source, summary)) {
      return false;
    }
    timeline.add(
        summary.timestampNs(),
        total(DeviceSummary::liveMappings),
        total(DeviceSummary::liveBytes),
        total(DeviceSummary::maps));
    return true;
  }

  void add(MappingLifecycle lifecycle) {
    lifetimes.add(lifecycle.lifetimeNs());
    sizes.add(lifecycle.sizeBytes());
  }

  void addFinding() {
    findings++;
  }

  /** Sum of one component over the devices behind this label. */
  long total(ToLongFunction<DeviceSummary> component) {
    return summaries.total(component);
  }

  /** False where only findings or closed mappings came, so that there are no totals to show. */
  boolean hasSummary() {
    return summaries.sources() > 0;
  }

  long findings() {
    return findings;
  }

  Distribution lifetimes() {
    return lifetimes;
  }

  Distribution sizes() {
    return sizes;
  }

  Timeline timeline() {
    return timeline;
  }
}
