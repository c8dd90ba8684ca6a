package io.dmascope.tables;

import static io.dmascope.tables.Column.address;
import static io.dmascope.tables.Column.integer;
import static io.dmascope.tables.Column.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The tables that a capture comes to; {@code docs/tables.md} shows them. */
public final class Tables {
  private static final Column CAPTURE = text("capture", "the recording, as it was named");
  private static final Column DEVICE = text("device", "as traced; nothing where not told");
  private static final Column DIRECTION =
      text("direction", "bidirectional, to_device, from_device, none");
  private static final Column KIND =
      text(
          "kind",
          "of mapping: single, resource, scatter_gather, coherent, noncoherent, noncontiguous");
  private static final Column TIMESTAMP =
      integer("timestamp_ns", "nanoseconds", "by the clock of the trace");
  private static final Column WALL =
      integer("wall_ns", "nanoseconds", "since 1970, where the clocks' pair is known");
  private static final Column DMA_ADDR = address("dma_addr", "first address of the device's view");
  private static final Column SIZE = integer("size_bytes", "bytes", "of all entries");

  public static final Table EVENTS =
      new Table(
          "events",
          "one event of the recording",
          List.of(
              CAPTURE,
              integer("sequence", "", "position in the recording's order, dense"),
              TIMESTAMP,
              WALL,
              integer("cpu", "", "that recorded it"),
              integer("pid", "", "of the task"),
              text("comm", "name of the task"),
              integer("place", "", "line, or byte offset in binary recordings"),
              text("event", "dma_map, dma_map_sg, iommu_map, ... probe_*"),
              DEVICE,
              DIRECTION,
              KIND,
              DMA_ADDR,
              address("phys_addr", "first physical address"),
              SIZE,
              integer("nents", "entries", "passed in, of scatterlists"),
              integer("ents", "entries", "that came back, of scatterlists"),
              integer("failed", "", "1 where the call failed, else 0"),
              text("attrs", "attributes as tracefs prints them, joined by |"),
              text("detail", "what else the event tells")));

  public static final Table LIFECYCLES =
      new Table(
          "lifecycles",
          "one mapping whose beginning and end were both recorded",
          List.of(
              CAPTURE,
              DEVICE,
              text("driver", "of the device, from the rig's manifest"),
              DIRECTION,
              KIND,
              DMA_ADDR,
              SIZE,
              integer("nents", "entries", "passed in; 1 for all but scatterlists"),
              integer("ents", "entries", "that came back; 1 for all but scatterlists"),
              integer("mapped_sequence", "", "event that made it"),
              integer("mapped_ns", "nanoseconds", "its stamp"),
              integer("mapped_pid", "", "its task"),
              text("mapped_comm", "name of that task"),
              integer("unmapped_sequence", "", "event that ended it"),
              integer("unmapped_ns", "nanoseconds", "its stamp"),
              integer("unmapped_pid", "", "its task"),
              text("unmapped_comm", "name of that task"),
              integer("lifetime_ns", "nanoseconds", "between the two")));

  public static final Table AGGREGATES =
      new Table("aggregates", "one site in one window of event time", aggregates());

  public static final Table RULE_COUNTS =
      new Table(
          "rule_counts",
          "how often a rule was broken in one window of event time",
          List.of(
              CAPTURE,
              integer("window_start_ns", "nanoseconds", "by the clock of the trace"),
              integer("window_ns", "nanoseconds", "length of the window"),
              DEVICE,
              text("rule", "id of the rule"),
              text("confidence", "certain or suspect"),
              integer("occurrences", "", "each violation counts")));

  public static final Table FINDINGS =
      new Table(
          "findings",
          "one finding, as check prints it: violations of one cause",
          List.of(
              CAPTURE,
              text("fingerprint", "names the finding in every run and every form"),
              text("rule", "id of the rule"),
              text("severity", "error, warning, info"),
              text("confidence", "certain or suspect"),
              text("because", "what may explain a suspicion away"),
              DEVICE,
              DIRECTION,
              DMA_ADDR,
              integer("size_bytes", "bytes", "in question"),
              integer("occurrences", "", "violations of this cause"),
              integer("sequence", "", "event of the first"),
              TIMESTAMP,
              WALL,
              integer("pid", "", "task of the first"),
              text("comm", "name of that task"),
              integer("place", "", "line, or byte offset in binary recordings"),
              integer("last_sequence", "", "event of the last"),
              integer("last_timestamp_ns", "nanoseconds", "stamp of the last"),
              text("message", "of the first"),
              text(
                  "evidence",
                  "earlier events that the first conflicts with: JSON, an array of what, sequence,"
                      + " timestamp_ns, place")));

  /** All, in the order in which they are written. */
  public static final List<Table> ALL =
      List.of(EVENTS, LIFECYCLES, AGGREGATES, RULE_COUNTS, FINDINGS);

  private Tables() {}

  private static List<Column> aggregates() {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                CAPTURE,
                integer("window_start_ns", "nanoseconds", "by the clock of the trace"),
                integer("window_ns", "nanoseconds", "length of the window"),
                integer(
                    "window_wall_ns", "nanoseconds", "start since 1970, where the pair is known"),
                DEVICE,
                text("driver", "of the device, from the rig's manifest"),
                DIRECTION,
                KIND));
    Arrays.stream(Measure.values()).map(Measure::column).forEach(columns::add);
    columns.addAll(spread("lifetime", "_ns", "nanoseconds", "of mappings that ended"));
    columns.addAll(spread("size", "_bytes", "bytes", "of mappings made"));
    return columns;
  }

  private static List<Column> spread(String what, String suffix, String unit, String whose) {
    return List.of(
        integer(what + "_count", "", "values " + whose),
        integer(what + "_sum" + suffix, unit, "their sum"),
        integer(what + "_p50" + suffix, unit, "their median, to within 1 %"),
        integer(what + "_p99" + suffix, unit, "their 99th percentile, to within 1 %"),
        integer(what + "_max" + suffix, unit, "their largest, to within 1 %"),
        text(
            what + "_histogram",
            "HdrHistogram V2, two digits, in Base64: rows can be added together"));
  }
}
