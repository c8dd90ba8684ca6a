package io.dmascope.benchmarks;

import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.ModelOutput;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One event applied and judged, against a hash map that puts and removes the same keys.
 *
 * <p>The goal is a ratio of three on {@code direct}. {@code translated} has an {@code iommu} event
 * for every {@code dma} event and joins the two.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ModelBenchmark {
  private static final int EVENTS = 1 << 18;

  @Param({"256", "65536"})
  private int live;

  private TraceEvent[] direct;
  private TraceEvent[] translated;
  private long violations;

  @Setup
  public void setUp() {
    direct = ModelWorkload.of(EVENTS, live, false);
    translated = ModelWorkload.of(EVENTS, live, true);
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long direct() {
    return apply(direct);
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long translated() {
    return apply(translated);
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int hashMap() {
    Map<Long, TraceEvent> map = new HashMap<>();
    int found = 0;
    for (TraceEvent event : direct) {
      if (event instanceof DmaMap mapped) {
        map.put(mapped.dmaAddr(), mapped);
      } else if (event instanceof DmaUnmap unmapped) {
        found += map.remove(unmapped.dmaAddr()) == null ? 0 : 1;
      }
    }
    return found;
  }

  private long apply(TraceEvent[] events) {
    DmaModel model = new DmaModel();
    ModelOutput output = violation -> violations++;
    for (TraceEvent event : events) {
      model.apply(event, output);
    }
    return model.lastSequence() + violations;
  }
}
