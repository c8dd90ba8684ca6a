package io.dmascope.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.ModelOutput;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints what an event costs in the model as a multiple of what its key costs in a hash map.
 *
 * <p>The candidates take turns and the processor time of the whole process counts, collector and
 * all, so that a busy machine disturbs the ratio little.
 */
public final class ModelRatios {
  private static final int EVENTS = 1 << 18;
  private static final int WARM_UP = 3;
  private static final int ROUNDS = 9;

  /**
   * Runs a round. Together they take some hundred milliseconds: the operating system counts in
   * hundredths of a second.
   */
  private static final int RUNS = 12;

  private static final double GOAL = 3.0;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private ModelRatios() {}

  /** Compares with 256 and with 65536 mappings in flight. */
  public static void main(String[] args) {
    compare(256);
    compare(65_536);
  }

  private static void compare(int live) {
    TraceEvent[] direct = ModelWorkload.of(EVENTS, live, false);
    TraceEvent[] translated = ModelWorkload.of(EVENTS, live, true);
    List<List<Double>> times = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    long sink = 0;
    for (int round = 0; round < WARM_UP + ROUNDS; round++) {
      for (int i = 0; i < times.size(); i++) {
        long before = SYSTEM.getProcessCpuTime();
        for (int run = 0; run < RUNS; run++) {
          sink += i == 0 ? hashMap(direct) : model(i == 1 ? direct : translated);
        }
        double each = (double) (SYSTEM.getProcessCpuTime() - before) / EVENTS / RUNS;
        if (round >= WARM_UP) {
          times.get(i).add(each);
        }
      }
    }
    double map = median(times.get(0));
    System.out.printf("%,d mappings live; hash map %.1f ns an event [check=%d]%n", live, map, sink);
    print("direct", median(times.get(1)), map);
    print("translated", median(times.get(2)), map);
  }

  private static void print(String name, double each, double map) {
    System.out.printf(
        "  %-10s %6.1f ns an event, %.2f times the hash map (goal %.1f)%n",
        name, each, each / map, GOAL);
  }

  private static double median(List<Double> times) {
    return times.stream().sorted().skip(times.size() / 2).findFirst().orElseThrow();
  }

  private static long hashMap(TraceEvent[] events) {
    Map<Long, TraceEvent> map = new HashMap<>();
    long found = 0;
    for (TraceEvent event : events) {
      if (event instanceof DmaMap mapped) {
        map.put(mapped.dmaAddr(), mapped);
      } else if (event instanceof DmaUnmap unmapped) {
        found += map.remove(unmapped.dmaAddr()) == null ? 0 : 1;
      }
    }
    return found;
  }

  private static long model(TraceEvent[] events) {
    DmaModel model = new DmaModel();
    ModelOutput output = violation -> {};
    for (TraceEvent event : events) {
      model.apply(event, output);
    }
    return model.lastSequence();
  }
}
