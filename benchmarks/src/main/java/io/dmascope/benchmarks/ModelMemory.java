package io.dmascope.benchmarks;

import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.TraceEvent;

/** Prints how many bytes a live single mapping takes; the goal is 64. */
public final class ModelMemory {
  private static final int LIVE = 1_000_000;

  private ModelMemory() {}

  /** Fills a model with a million live mappings and weighs it. */
  public static void main(String[] args) throws InterruptedException {
    long before = usedBytes();
    DmaModel model = new DmaModel();
    for (int from = 0; from < LIVE; from += 10_000) {
      fill(model, from + 10_000);
    }
    long after = usedBytes();
    System.out.printf(
        "%,d live mappings, %.1f bytes each (goal 64)%n",
        model.lastSequence() + 1, (double) (after - before) / LIVE);
  }

  /** Events are made and dropped in small batches, so that only what the model keeps is weighed. */
  private static void fill(DmaModel model, int to) {
    TraceEvent[] events = ModelWorkload.maps((int) model.lastSequence() + 1, to);
    for (TraceEvent event : events) {
      model.apply(event, violation -> {});
    }
  }

  private static long usedBytes() throws InterruptedException {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 4; i++) {
      System.gc();
      Thread.sleep(50);
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
