package io.dmascope.tables.openmetrics;

import io.dmascope.tables.Aggregate;
import io.dmascope.tables.Measure;
import io.dmascope.tables.RuleCount;
import io.dmascope.tables.Site;
import io.dmascope.tables.WallTime;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Samples of one capture's aggregates in the text format of OpenMetrics, each at the end of its
 * window by the clock on the wall: gauges of what was live, and counters since the beginning.
 */
public final class OpenMetrics {
  private static final double NS_PER_SECOND = 1e9;

  /** Windows times sites that fit into memory: some 400 MB. */
  public static final int AGGREGATES_MAX = 1_000_000;

  private record Family(
      String name, boolean counter, String unit, String help, ToDoubleFunction<Aggregate> value) {}

  private static final List<Family> FAMILIES =
      List.of(
          counter("maps", "", "Mappings and allocations made.", Measure.MAPS),
          counter("unmaps", "", "Calls that ended mappings.", Measure.UNMAPS),
          counter("syncs", "", "Calls of dma_sync.", Measure.SYNCS),
          counter("map_failures", "", "Map and allocation calls that failed.", Measure.FAILURES),
          counter("mapped_bytes", "bytes", "Bytes of the mappings made.", Measure.MAPPED_BYTES),
          counter("sg_entries_in", "", "Scatterlist entries passed in.", Measure.ENTRIES_IN),
          counter("sg_entries_out", "", "Scatterlist entries that came back.", Measure.ENTRIES_OUT),
          gauge("live_mappings", "", "Live at the window's end.", Measure.LIVE_MAPPINGS_LAST),
          gauge("live_mappings_max", "", "Most live in the window.", Measure.LIVE_MAPPINGS_MAX),
          gauge("live_bytes", "bytes", "Bytes live at the window's end.", Measure.LIVE_BYTES_LAST),
          gauge("live_max_bytes", "bytes", "Most bytes live at once.", Measure.LIVE_BYTES_MAX),
          counter("iommu_maps", "", "Page-table entries made.", Measure.IOMMU_MAPS),
          counter("iommu_unmaps", "", "Page-table entries removed.", Measure.IOMMU_UNMAPS),
          counter("bounces", "", "Mappings that went through swiotlb.", Measure.BOUNCES),
          counter("bounced_bytes", "bytes", "Bytes of those.", Measure.BOUNCED_BYTES),
          counter("faults", "", "IOMMU faults.", Measure.FAULTS),
          counter("lost_events", "", "Events that the recording lost.", Measure.LOST_EVENTS),
          new Family(
              "lifetime_seconds",
              true,
              "seconds",
              "Time that the mappings lived which ended.",
              each -> each.lifetimesNs().sum() / NS_PER_SECOND),
          new Family(
              "lifetimes",
              true,
              "",
              "Mappings whose lifetime is known.",
              each -> each.lifetimesNs().count()));

  private final String capture;
  private final WallTime wall;

  /**
   * @param wall known
   */
  public OpenMetrics(String capture, WallTime wall) {
    this.capture = capture;
    this.wall = wall;
  }

  private static Family counter(String name, String unit, String help, Measure measure) {
    return new Family(name, true, unit, help, each -> each.value(measure));
  }

  private static Family gauge(String name, String unit, String help, Measure measure) {
    return new Family(name, false, unit, help, each -> each.value(measure));
  }

  /**
   * Writes everything; the format wants families together, and a series in the order of time.
   *
   * @param aggregates oldest first
   */
  public void write(List<Aggregate> aggregates, List<RuleCount> rules, Writer out)
      throws IOException {
    Map<Site, List<Aggregate>> series = new TreeMap<>();
    for (Aggregate each : aggregates) {
      series.computeIfAbsent(each.site(), _ -> new ArrayList<>()).add(each);
    }
    for (Family family : FAMILIES) {
      write(family, series, out);
    }
    write(rules, out);
    out.write("# EOF\n");
  }

  private void write(Family family, Map<Site, List<Aggregate>> series, Writer out)
      throws IOException {
    boolean described = false;
    for (Map.Entry<Site, List<Aggregate>> each : series.entrySet()) {
      if (each.getValue().stream().allMatch(window -> family.value.applyAsDouble(window) == 0)) {
        continue; // this site does nothing of the kind
      }
      if (!described) {
        describe(family.name, family.counter, family.unit, family.help, out);
        described = true;
      }
      String labels = labels(each.getKey(), each.getValue().getFirst().driver());
      String name = family.name + (family.counter ? "_total" : "");
      double sum = 0;
      if (family.counter) {
        // Without a beginning, nothing that asks for a rate sees the first window.
        sample(name, labels, 0, each.getValue().getFirst().windowStartNs(), out);
      }
      for (Aggregate window : each.getValue()) {
        double value = family.value.applyAsDouble(window);
        sum += value;
        sample(
            name,
            labels,
            family.counter ? sum : value,
            window.windowStartNs() + window.windowNs(),
            out);
      }
    }
  }

  private void write(List<RuleCount> rules, Writer out) throws IOException {
    if (rules.isEmpty()) {
      return;
    }
    describe("violations", true, "", "Violations, by rule and confidence.", out);
    Map<String, TreeMap<Long, Long>> series = new TreeMap<>();
    Map<String, Long> sums = new HashMap<>();
    for (RuleCount each : rules) {
      String labels =
          "{capture=\"%s\",device=\"%s\",rule=\"%s\",confidence=\"%s\"}"
              .formatted(quoted(capture), quoted(each.device()), each.ruleId(), each.confidence());
      long sum = sums.merge(labels, each.occurrences(), Long::sum);
      series
          .computeIfAbsent(labels, _ -> new TreeMap<>())
          .put(each.windowStartNs() + each.windowNs(), sum);
    }
    for (Map.Entry<String, TreeMap<Long, Long>> each : series.entrySet()) {
      long windowNs = rules.getFirst().windowNs();
      sample("violations_total", each.getKey(), 0, each.getValue().firstKey() - windowNs, out);
      for (Map.Entry<Long, Long> at : each.getValue().entrySet()) {
        sample("violations_total", each.getKey(), at.getValue(), at.getKey(), out);
      }
    }
  }

  private static void describe(String name, boolean counter, String unit, String help, Writer out)
      throws IOException {
    String full = "dmascope_event_" + name;
    out.write("# TYPE " + full + (counter ? " counter\n" : " gauge\n"));
    if (!unit.isEmpty()) {
      out.write("# UNIT " + full + ' ' + unit + '\n');
    }
    out.write("# HELP " + full + ' ' + help + '\n');
  }

  private void sample(String name, String labels, double value, long endNs, Writer out)
      throws IOException {
    long ns = wall.at(endNs);
    out.write("dmascope_event_");
    out.write(name);
    out.write(labels);
    out.write(' ');
    out.write(
        value == Math.rint(value) && Math.abs(value) < 1e15
            ? Long.toString((long) value)
            : Double.toString(value));
    out.write(
        String.format(
            Locale.ROOT,
            " %d.%03d\n",
            Math.floorDiv(ns, 1_000_000_000L),
            Math.floorMod(ns, 1_000_000_000L) / 1_000_000));
  }

  private String labels(Site site, String driver) {
    return "{capture=\"%s\",device=\"%s\",driver=\"%s\",direction=\"%s\",kind=\"%s\"}"
        .formatted(
            quoted(capture), quoted(site.device()), quoted(driver), site.direction(), site.kind());
  }

  private static String quoted(String label) {
    return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
