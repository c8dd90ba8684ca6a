package io.dmascope.analytics;

import static io.dmascope.analytics.AnalyticsMetrics.*;

import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.DeviceSummary;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Reads the aggregates at each scrape and shows them as Prometheus metrics, so that numbers are
 * kept in one place and the series of a retired capture end by themselves.
 */
final class MetricsCollector implements MultiCollector {
  private static final double NS_PER_SECOND = 1e9;

  /** Metrics that are one component of a device's summary. */
  private static final Map<AnalyticsMetrics, ToLongFunction<DeviceSummary>> SUMMARY_METRICS =
      Map.ofEntries(
          Map.entry(LIVE_MAPPINGS, DeviceSummary::liveMappings),
          Map.entry(LIVE_MAPPED, DeviceSummary::liveBytes),
          Map.entry(MAPS, DeviceSummary::maps),
          Map.entry(UNMAPS, DeviceSummary::unmaps),
          Map.entry(MAP_FAILURES, DeviceSummary::mapFailures),
          Map.entry(MAPPED, DeviceSummary::mappedBytes),
          Map.entry(BOUNCES, DeviceSummary::bounces),
          Map.entry(BOUNCED, DeviceSummary::bouncedBytes),
          Map.entry(SG_ENTRIES_IN, DeviceSummary::sgEntriesIn),
          Map.entry(SG_ENTRIES_OUT, DeviceSummary::sgEntriesOut));

  private final AnalyticsState state;

  MetricsCollector(AnalyticsState state) {
    this.state = state;
  }

  @Override
  public MetricSnapshots collect() {
    long nowNs = System.nanoTime();
    return state.read(current -> new Scrape(current, nowNs)).snapshots();
  }

  /** The samples of one scrape, by metric. */
  private static final class Scrape {
    private record Sample(Labels labels, double value) {}

    private final Map<AnalyticsMetrics, List<Sample>> samples =
        new EnumMap<>(AnalyticsMetrics.class);
    private final Map<AnalyticsMetrics, List<HistogramDataPointSnapshot>> histograms =
        new EnumMap<>(AnalyticsMetrics.class);

    Scrape(AnalyticsState state, long nowNs) {
      state.captures().all().forEach(this::addCapture);
      state.replayLagRecords().ifPresent(records -> add(REPLAY_LAG, records));
      state.kafka().durationNs(nowNs).ifPresent(ns -> add(KAFKA_SILENT, ns / NS_PER_SECOND));
      state.consumedByTopic().forEach((topic, count) -> add(RECORDS_CONSUMED, count, topic));
      state.quarantinedByTopic().forEach((topic, count) -> add(RECORDS_QUARANTINED, count, topic));
      state.overflows().forEach((what, count) -> add(LABEL_OVERFLOWS, count, lower(what)));
      add(CAPTURES_RETIRED, state.captures().retired());
    }

    private void addCapture(CaptureAggregate capture) {
      String id = capture.label();
      capture
          .facts()
          .ifPresent(
              facts ->
                  add(
                      CAPTURE_INFO,
                      1,
                      id,
                      AnalyticsLimits.name(facts.file()),
                      AnalyticsLimits.name(facts.format()),
                      AnalyticsLimits.name(facts.kernelRelease()),
                      AnalyticsLimits.name(facts.clock())));
      add(EVENTS_REPLAYED, capture.eventsReplayed(), id);
      add(REPLAY_EVENT_TIME, capture.lastTimestampNs() / NS_PER_SECOND, id);
      if (capture.hasInput()) {
        add(INPUT_LINES, capture.input(InputCounts::lines), id);
        add(TRACE_ISSUES, capture.input(InputCounts::issues), id);
        add(EVENTS_LOST, capture.input(InputCounts::lost), id);
      }
      capture
          .coverage()
          .ifPresent(
              coverage -> {
                add(RULES, coverage.checked().size(), id, "checked");
                add(RULES, coverage.notChecked().size(), id, "not_checked");
              });
      capture
          .findings()
          .forEach(
              (key, count) ->
                  add(
                      FINDINGS,
                      count,
                      id,
                      key.device(),
                      key.rule(),
                      lower(key.severity()),
                      lower(key.confidence())));
      capture.ignored().forEach((rule, count) -> add(IGNORED_FINDINGS, count, id, rule));
      capture.devices().forEach(device -> addDevice(id, device));
    }

    private void addDevice(String captureId, DeviceAggregate device) {
      if (device.hasSummary()) {
        SUMMARY_METRICS.forEach(
            (metric, component) -> add(metric, device.total(component), captureId, device.label()));
      }
      if (device.lifetimes().count() > 0) {
        add(MAPPING_LIFETIME, device.lifetimes(), NS_PER_SECOND, captureId, device.label());
        add(MAPPING_SIZE, device.sizes(), 1, captureId, device.label());
      }
    }

    private void add(AnalyticsMetrics metric, long value, String... labelValues) {
      add(metric, (double) value, labelValues); // exact up to 2^53
    }

    private void add(AnalyticsMetrics metric, double value, String... labelValues) {
      samples
          .computeIfAbsent(metric, added -> new ArrayList<>())
          .add(new Sample(labels(metric, labelValues), value));
    }

    private void add(
        AnalyticsMetrics metric, Distribution distribution, double divisor, String... labelValues) {
      long[] bounds = distribution.bounds();
      long[] counts = distribution.counts();
      var buckets = ClassicHistogramBuckets.builder();
      for (int i = 0; i < bounds.length; i++) {
        buckets.bucket(bounds[i] / divisor, counts[i]);
      }
      buckets.bucket(Double.POSITIVE_INFINITY, counts[bounds.length]);
      histograms
          .computeIfAbsent(metric, added -> new ArrayList<>())
          .add(
              HistogramDataPointSnapshot.builder()
                  .labels(labels(metric, labelValues))
                  .classicHistogramBuckets(buckets.build())
                  .sum(distribution.sum() / divisor)
                  .build());
    }

    private static Labels labels(AnalyticsMetrics metric, String... values) {
      return Labels.of(metric.labels().toArray(String[]::new), values);
    }

    private static String lower(Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT);
    }

    MetricSnapshots snapshots() {
      var all = MetricSnapshots.builder();
      for (AnalyticsMetrics metric : AnalyticsMetrics.values()) {
        MetricSnapshot snapshot = snapshot(metric);
        if (!snapshot.getDataPoints().isEmpty()) {
          all.metricSnapshot(snapshot);
        }
      }
      return all.build();
    }

    private MetricSnapshot snapshot(AnalyticsMetrics metric) {
      var builder =
          switch (metric.type()) {
            case COUNTER -> counter(metric);
            case GAUGE -> gauge(metric);
            case HISTOGRAM -> histogram(metric);
            case INFO -> info(metric);
          };
      builder.name(metric.baseName()).help(metric.help());
      switch (metric.unit()) {
        case SECONDS -> builder.unit(Unit.SECONDS);
        case BYTES -> builder.unit(Unit.BYTES);
        case NONE -> {}
      }
      return builder.build();
    }

    private MetricSnapshot.Builder<?> counter(AnalyticsMetrics metric) {
      var builder = CounterSnapshot.builder();
      for (Sample sample : samplesOf(metric)) {
        builder.dataPoint(
            CounterDataPointSnapshot.builder()
                .labels(sample.labels())
                .value(sample.value())
                .build());
      }
      return builder;
    }

    private MetricSnapshot.Builder<?> gauge(AnalyticsMetrics metric) {
      var builder = GaugeSnapshot.builder();
      for (Sample sample : samplesOf(metric)) {
        builder.dataPoint(
            GaugeDataPointSnapshot.builder().labels(sample.labels()).value(sample.value()).build());
      }
      return builder;
    }

    private MetricSnapshot.Builder<?> histogram(AnalyticsMetrics metric) {
      var builder = HistogramSnapshot.builder();
      histograms.getOrDefault(metric, List.of()).forEach(builder::dataPoint);
      return builder;
    }

    private MetricSnapshot.Builder<?> info(AnalyticsMetrics metric) {
      var builder = InfoSnapshot.builder();
      for (Sample sample : samplesOf(metric)) {
        builder.dataPoint(InfoDataPointSnapshot.builder().labels(sample.labels()).build());
      }
      return builder;
    }

    private List<Sample> samplesOf(AnalyticsMetrics metric) {
      return samples.getOrDefault(metric, List.of());
    }
  }
}
