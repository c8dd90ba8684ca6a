package io.dmascope.analytics;

import java.util.List;

/**
 * Every metric that dmascope exposes, the virtual machine's own apart. The exporter, {@code
 * docs/metrics.md}, the dashboard and the Prometheus rules are held to this list by tests.
 */
public enum AnalyticsMetrics {
  CAPTURE_INFO(
      "dmascope_capture",
      Type.INFO,
      Unit.NONE,
      "A capture and where it comes from; the value is always 1.",
      "capture",
      "file",
      "format",
      "kernel",
      "clock"),
  EVENTS_REPLAYED(
      "dmascope_events_replayed",
      Type.COUNTER,
      Unit.NONE,
      "Trace events applied to the model.",
      "capture"),
  REPLAY_EVENT_TIME(
      "dmascope_replay_event_time_seconds",
      Type.GAUGE,
      Unit.SECONDS,
      "Stamp of the last event applied, by the capture's own trace clock.",
      "capture"),
  REPLAY_LAG(
      "dmascope_replay_lag_records",
      Type.GAUGE,
      Unit.NONE,
      "Records of the events topic that the replay engine has not committed; absent without"
          + " Kafka."),
  KAFKA_SILENT(
      "dmascope_kafka_silent_seconds",
      Type.GAUGE,
      Unit.SECONDS,
      "How long Kafka has not answered analytics, 0 while it does; all else stands still meanwhile."
          + " Absent without Kafka."),
  INPUT_LINES(
      "dmascope_input_lines",
      Type.COUNTER,
      Unit.NONE,
      "Lines or records read from the capture's file, events or not.",
      "capture"),
  TRACE_ISSUES(
      "dmascope_trace_issues",
      Type.COUNTER,
      Unit.NONE,
      "Lines that should have been an event and could not be read.",
      "capture"),
  EVENTS_LOST(
      "dmascope_events_lost",
      Type.COUNTER,
      Unit.NONE,
      "Events that the recording itself says it lost.",
      "capture"),
  FINDINGS(
      "dmascope_findings",
      Type.COUNTER,
      Unit.NONE,
      "Broken rules, one for each event that broke one.",
      "capture",
      "device",
      "rule",
      "severity",
      "confidence"),
  IGNORED_FINDINGS(
      "dmascope_ignored_findings",
      Type.COUNTER,
      Unit.NONE,
      "Broken rules that the ignore file takes; they are in no other count.",
      "capture",
      "rule"),
  RULES(
      "dmascope_rules",
      Type.GAUGE,
      Unit.NONE,
      "Rules that an ended capture was held to (state=checked) or lacked the events for"
          + " (state=not_checked).",
      "capture",
      "state"),
  LIVE_MAPPINGS(
      "dmascope_live_mappings",
      Type.GAUGE,
      Unit.NONE,
      "Objects mapped at the last event; a scatterlist counts once.",
      "capture",
      "device"),
  LIVE_MAPPED(
      "dmascope_live_mapped_bytes",
      Type.GAUGE,
      Unit.BYTES,
      "Bytes mapped at the last event.",
      "capture",
      "device"),
  MAPS(
      "dmascope_maps",
      Type.COUNTER,
      Unit.NONE,
      "Mappings and allocations made.",
      "capture",
      "device"),
  UNMAPS(
      "dmascope_unmaps",
      Type.COUNTER,
      Unit.NONE,
      "Mappings and allocations ended.",
      "capture",
      "device"),
  MAP_FAILURES(
      "dmascope_map_failures",
      Type.COUNTER,
      Unit.NONE,
      "Mappings that returned an error.",
      "capture",
      "device"),
  MAPPED(
      "dmascope_mapped_bytes",
      Type.COUNTER,
      Unit.BYTES,
      "Bytes of all mappings made.",
      "capture",
      "device"),
  BOUNCES(
      "dmascope_bounces",
      Type.COUNTER,
      Unit.NONE,
      "Mappings that went through a swiotlb bounce buffer.",
      "capture",
      "device"),
  BOUNCED(
      "dmascope_bounced_bytes",
      Type.COUNTER,
      Unit.BYTES,
      "Bytes of the mappings that went through a swiotlb bounce buffer.",
      "capture",
      "device"),
  SG_ENTRIES_IN(
      "dmascope_sg_entries_in",
      Type.COUNTER,
      Unit.NONE,
      "Scatterlist entries passed to dma_map_sg.",
      "capture",
      "device"),
  SG_ENTRIES_OUT(
      "dmascope_sg_entries_out",
      Type.COUNTER,
      Unit.NONE,
      "Scatterlist entries that dma_map_sg returned, fewer than passed in where it merged.",
      "capture",
      "device"),
  MAPPING_LIFETIME(
      "dmascope_mapping_lifetime_seconds",
      Type.HISTOGRAM,
      Unit.SECONDS,
      "Time between map and unmap of the mappings that ended.",
      "capture",
      "device"),
  MAPPING_SIZE(
      "dmascope_mapping_size_bytes",
      Type.HISTOGRAM,
      Unit.BYTES,
      "Size of the mappings that ended; a scatterlist counts once with all its entries.",
      "capture",
      "device"),
  RECORDS_CONSUMED(
      "dmascope_records_consumed",
      Type.COUNTER,
      Unit.NONE,
      "Records that analytics read, by topic; absent without Kafka.",
      "topic"),
  RECORDS_QUARANTINED(
      "dmascope_quarantined_records",
      Type.COUNTER,
      Unit.NONE,
      "Records that could not be decoded, by the topic they came from.",
      "topic"),
  LABEL_OVERFLOWS(
      "dmascope_label_overflows",
      Type.COUNTER,
      Unit.NONE,
      "Records counted under \"other\" because a limit of names was reached (what=capture, device,"
          + " finding), or in no total at all (what=source).",
      "what"),
  CAPTURES_RETIRED(
      "dmascope_captures_retired",
      Type.COUNTER,
      Unit.NONE,
      "Captures whose series ended because a newer capture needed their place.");

  /** The kinds of the Prometheus exposition formats. */
  public enum Type {
    COUNTER("_total"),
    GAUGE(""),
    HISTOGRAM(""),
    INFO("_info");

    private final String suffix;

    Type(String suffix) {
      this.suffix = suffix;
    }
  }

  /** Base units, as the Prometheus naming conventions ask; the name ends in it. */
  public enum Unit {
    NONE,
    SECONDS,
    BYTES
  }

  private final String baseName;
  private final Type type;
  private final Unit unit;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> labels;

  AnalyticsMetrics(String baseName, Type type, Unit unit, String help, String... labels) {
    this.baseName = baseName;
    this.type = type;
    this.unit = unit;
    this.help = help;
    this.labels = List.of(labels);
  }

  /** The name without the suffix of its type, as the client library wants it. */
  String baseName() {
    return baseName;
  }

  /**
   * The name that queries use; a histogram also has {@code _bucket}, {@code _sum}, {@code _count}.
   */
  public String metricName() {
    return baseName + type.suffix;
  }

  public Type type() {
    return type;
  }

  public Unit unit() {
    return unit;
  }

  public String help() {
    return help;
  }

  /** Label names in the order in which the exporter gives their values. */
  public List<String> labels() {
    return labels;
  }
}
