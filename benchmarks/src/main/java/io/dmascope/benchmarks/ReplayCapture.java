package io.dmascope.benchmarks;

import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.ReadOptions;
import io.dmascope.producer.ingest.open.Capture;
import io.dmascope.producer.ingest.open.Captures;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prints what an event of a recording costs in the model, by processor time of the judging thread:
 * the recording is decoded once into memory and then replayed again and again, each time from
 * nothing.
 *
 * <pre>
 *   ReplayCapture trace.dat             -Drounds=15 for other than 15 rounds
 * </pre>
 */
public final class ReplayCapture {
  private static final int WARM_UP = 3;
  private static final int ROUNDS = Integer.getInteger("rounds", 15);

  /** Small recordings are replayed until a round has so many events. */
  private static final int EVENTS_MIN = 500_000;

  private ReplayCapture() {}

  /** Takes recordings of any format; prints a line for each and the mix of its events. */
  public static void main(String[] files) throws IOException {
    if (files.length == 0) {
      throw new IllegalArgumentException("which recordings?");
    }
    for (String file : files) {
      List<TraceEvent> events = decode(file);
      System.out.printf(Locale.ROOT, "%s: %,d events%n", file, events.size());
      mix(events)
          .forEach((kind, count) -> System.out.printf(Locale.ROOT, "  %-18s %,d%n", kind, count));
      double[] costs = costs(events.toArray(TraceEvent[]::new));
      System.out.printf(
          Locale.ROOT,
          "  %.1f ns an event, at best %.1f (processor time, %d rounds)%n",
          median(costs),
          Arrays.stream(costs).min().orElseThrow(),
          ROUNDS);
    }
  }

  private static List<TraceEvent> decode(String file) throws IOException {
    List<TraceEvent> events = new ArrayList<>();
    EventSink sink =
        new EventSink() {
          @Override
          public void event(TraceEvent event) {
            events.add(event);
          }

          @Override
          public void issue(TraceIssue issue) {
            // Trouble in the recording is for check to tell.
          }
        };
    try (Capture capture =
        Captures.open(file, InputStream.nullInputStream(), ReadOptions.DEFAULT)) {
      capture.read(sink);
    }
    return events;
  }

  private static Map<String, Integer> mix(List<TraceEvent> events) {
    Map<String, Integer> mix = new TreeMap<>();
    for (TraceEvent event : events) {
      mix.merge(event.getClass().getSimpleName(), 1, Integer::sum);
    }
    return mix;
  }

  private static double[] costs(TraceEvent[] events) {
    int runs = Math.max(1, EVENTS_MIN / events.length);
    double[] costs = new double[ROUNDS];
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (int run = 0; run < runs; run++) {
        replay(events);
      }
      long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
      if (round >= 0) {
        costs[round] = (double) spent / events.length / runs;
      }
    }
    return costs;
  }

  private static void replay(TraceEvent[] events) {
    DmaModel model = new DmaModel();
    ModelOutput output = violation -> {};
    for (TraceEvent event : events) {
      model.apply(event, output);
    }
    if (!model.ended()) {
      throw new IllegalStateException("the recording has no end");
    }
  }

  private static double median(double[] costs) {
    return Arrays.stream(costs).sorted().skip(costs.length / 2).findFirst().orElseThrow();
  }
}
