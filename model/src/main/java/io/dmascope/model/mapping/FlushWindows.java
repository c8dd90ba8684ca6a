package io.dmascope.model.mapping;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * When lazy domains can have flushed what was unmapped, as far as a recording without flush events
 * tells ({@code drivers/iommu/dma-iommu.c fq_flush_timeout()}).
 *
 * <p>The first unmap after a pause starts the queue's timer, and nothing that is unmapped until it
 * fires can be given out again before, unless a CPU's queue fills up. Without a pause before it is
 * not known when the timer was started, so nothing is said.
 */
final class FlushWindows {
  /** By then a timer of 10 ms has fired, whatever the machine was doing. */
  private static final long PAUSE_NS = 100_000_000L;

  /** A timer of 10 ms cannot fire earlier, on kernels of 250 ticks a second and more. */
  private static final long QUIET_NS = 6_000_000L;

  /** Entries of a CPU's queue, less the one that stays free. */
  private static final int QUEUE_ENTRIES = 255;

  private static final class Window {
    long startNs;
    long lastUnmapNs = Long.MIN_VALUE;
    int unmaps;
  }

  private final Map<Integer, Window> byGroup = new HashMap<>();

  /** Notes that a translated mapping of the group ended. */
  void unmapped(int group, long nowNs) {
    Window window = byGroup.computeIfAbsent(group, id -> new Window());
    if (window.lastUnmapNs == Long.MIN_VALUE || nowNs - window.lastUnmapNs > PAUSE_NS) {
      window.startNs = nowNs;
      window.unmaps = 0;
    }
    window.unmaps++;
    window.lastUnmapNs = nowNs;
  }

  /** True where what was unmapped then cannot have been flushed yet. */
  boolean pending(int group, long unmappedNs, long nowNs) {
    Window window = byGroup.get(group);
    return window != null
        && unmappedNs >= window.startNs
        && nowNs - window.startNs < QUIET_NS
        && window.unmaps < QUEUE_ENTRIES;
  }

  void save(StateWriter out) {
    out.u(byGroup.size());
    new TreeMap<>(byGroup)
        .forEach(
            (group, window) ->
                out.s(group).s(window.startNs).s(window.lastUnmapNs).u(window.unmaps));
  }

  void restore(StateReader in) {
    for (int n = in.i(); n > 0; n--) {
      Window window = new Window();
      byGroup.put((int) in.s(), window);
      window.startNs = in.s();
      window.lastUnmapNs = in.s();
      window.unmaps = in.i();
    }
  }
}
