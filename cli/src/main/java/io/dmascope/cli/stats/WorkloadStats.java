package io.dmascope.cli.stats;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Calls, sizes, lifetimes and list lengths of every device of a recording. */
public final class WorkloadStats implements EventSink {
  /** Devices told apart; a recording that names more is damaged or made to. */
  private static final int DEVICES_MAX = 4096;

  private final Map<String, DeviceStats> devices = new TreeMap<>();
  private final Consumer<TraceIssue> issues;

  /**
   * @param issues told of what could not be read
   */
  public WorkloadStats(Consumer<TraceIssue> issues) {
    this.issues = issues;
  }

  @Override
  public void event(TraceEvent event) {
    String name = DeviceStats.deviceOf(event);
    if (name.isEmpty()) {
      return;
    }
    DeviceStats device = devices.get(name);
    if (device == null) {
      if (devices.size() == DEVICES_MAX) {
        return;
      }
      device = new DeviceStats();
      devices.put(name, device);
    }
    device.add(event);
  }

  @Override
  public void issue(TraceIssue issue) {
    issues.accept(issue);
  }

  /** Prints a table in Markdown: medians, and the 90th percentile behind the stroke. */
  public void print(PrintWriter out) {
    out.println(
        "| device | map | map_sg | alloc | sync | size, bytes | nents | ents | map lives, us"
            + " | list lives, us |");
    out.println("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    devices.forEach(
        (name, d) ->
            out.println(
                "| %s | %d | %d | %d | %d | %s | %s | %s | %s | %s |"
                    .formatted(
                        name,
                        d.maps,
                        d.mapSgs,
                        d.allocs,
                        d.syncs,
                        spread(d.sizes, 1),
                        spread(d.entries, 1),
                        spread(d.merged, 1),
                        spread(d.lifetimesNs, 1000),
                        spread(d.listLifetimesNs, 1000))));
  }

  private static String spread(Spread values, long unit) {
    return values.isEmpty()
        ? "-"
        : "%d / %d".formatted(values.percentile(50) / unit, values.percentile(90) / unit);
  }
}
