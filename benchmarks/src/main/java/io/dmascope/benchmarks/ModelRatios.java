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
import java.util.function.ToLongFunction;

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

  /** Together some hundred milliseconds: the operating system counts in hundredths of a second. */
  private static final int REPEATS = 12;

  private static final double GOAL = 3.0;

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private record Candidate(String name, TraceEvent[] events, ToLongFunction<TraceEvent[]> work) {}

  private ModelRatios() {}

  /** Takes the numbers of mappings in flight; 256 and 65536 where none is given. */
  public static void main(String[] args) {
    int[] flights = {256, 65_536};
    if (args.length > 0) {
      flights = java.util.Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
    }
    for (int live : flights) {
      compare(live);
    }
  }

  private static void compare(int live) {
    TraceEvent[] direct = ModelWorkload.of(EVENTS, live, false);
    TraceEvent[] translated = ModelWorkload.of(EVENTS, live, true);
    List<Candidate> candidates =
        List.of(
            new Candidate("hash map", direct, ModelRatios::hashMap),
            new Candidate("direct", direct, ModelRatios::model),
            new Candidate("translated", translated, ModelRatios::model));
    double[] medians = medians(candidates);
    for (int i = 0; i < medians.length; i++) {
      System.out.printf(
          "%-10s %,7d live: %6.1f ns/event, %5.2f times the hash map%s%n",
          candidates.get(i).name(),
          live,
          medians[i],
          medians[i] / medians[0],
          i == 1 ? " (goal %.1f)".formatted(GOAL) : "");
    }
  }

  private static double[] medians(List<Candidate> candidates) {
    List<List<Double>> times = new ArrayList<>();
    candidates.forEach(candidate -> times.add(new ArrayList<>()));
    long sink = 0;
    for (int round = 0; round < WARM_UP + ROUNDS; round++) {
      for (int i = 0; i < candidates.size(); i++) {
        Candidate candidate = candidates.get(i);
        long before = SYSTEM.getProcessCpuTime();
        for (int i2 = 0; i2 < REPEATS; i2++) {
          sink += candidate.work().applyAsLong(candidate.events());
        }
        long spent = SYSTEM.getProcessCpuTime() - before;
        if (round >= WARM_UP) {
          times.get(i).add((double) spent / EVENTS / REPEATS);
        }
      }
    }
    if (sink == 42) {
      System.out.println();
    }
    return times.stream()
        .mapToDouble(t -> t.stream().sorted().skip(ROUNDS / 2).findFirst().orElseThrow())
        .toArray();
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
