package io.dmascope.model.predict;

import io.dmascope.model.backend.PageTableRun;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.SwiotlbBounce;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each task has done lately below the DMA API: {@code iommu:map} and {@code swiotlb_bounced}
 * come before the {@code dma_map_*} of the same task that they belong to, and name no mapping.
 *
 * <p>An interrupt's own calls may stand between the two. Runs that nobody claims (VFIO, the
 * two-step API) are forgotten after {@link #REMEMBERED_MAX} more.
 */
final class TaskTrail {
  /** More than the entries of any list that fits into one trace event. */
  static final int REMEMBERED_MAX = 8192;

  /** A run and where it was traced. */
  private record Traced(PageTableRun run, EventHeader header) {}

  /**
   * Runs that belong together.
   *
   * @param began the first one's header; nothing where there is none
   * @param headers where each was traced
   */
  record Runs(List<PageTableRun> runs, Optional<EventHeader> began, List<EventHeader> headers) {
    static final Runs NONE = new Runs(List.of(), Optional.empty(), List.of());

    boolean isEmpty() {
      return runs.isEmpty();
    }
  }

  private static final class Trail {
    final Deque<Traced> runs = new ArrayDeque<>();
    final Deque<SwiotlbBounce> bounces = new ArrayDeque<>();
    IommuMap newest;
  }

  private final Map<Long, Trail> trails = new HashMap<>();
  private final UnclaimedRuns unclaimed = new UnclaimedRuns();

  void add(IommuMap event) {
    Trail trail = of(event.header());
    Deque<Traced> runs = trail.runs;
    runs.addLast(
        new Traced(
            new PageTableRun(event.iova(), event.physAddr(), event.sizeBytes()), event.header()));
    trail.newest = event;
    unclaimed.add(event);
    if (runs.size() > REMEMBERED_MAX) {
      runs.removeFirst();
    }
  }

  void add(SwiotlbBounce event) {
    Deque<SwiotlbBounce> bounces = of(event.header()).bounces;
    bounces.addLast(event);
    if (bounces.size() > REMEMBERED_MAX) {
      bounces.removeFirst();
    }
  }

  /** Forgets everything: events were lost. */
  void clear() {
    trails.clear();
    unclaimed.clear();
  }

  /**
   * Takes the newest runs that lie one after another from {@code iova} to {@code endIova}; none
   * where they are not all there.
   */
  Runs takeRuns(EventHeader header, long iova, long endIova) {
    return iova == endIova ? Runs.NONE : take(of(header).runs, iova, endIova);
  }

  /** Takes the runs from {@code iova} to where the task's newest run ends. */
  Runs takeNewestRuns(EventHeader header, long iova) {
    Deque<Traced> runs = of(header).runs;
    return runs.isEmpty()
        ? Runs.NONE
        : take(runs, iova, runs.getLast().run().iova() + runs.getLast().run().sizeBytes());
  }

  /** Undoes a {@link #takeRuns} of the task. */
  void putBack(EventHeader header, Runs taken) {
    Deque<Traced> runs = of(header).runs;
    for (int i = 0; i < taken.runs().size(); i++) {
      PageTableRun run = taken.runs().get(i);
      EventHeader made = taken.headers().get(i);
      runs.addLast(new Traced(run, made));
      unclaimed.add(new IommuMap(made, run.iova(), run.physAddr(), run.sizeBytes()));
    }
  }

  /** True where the task's newest bounce is of that device and came just before the run. */
  boolean newestBounceIsOf(EventHeader header, String device, IommuMap run) {
    SwiotlbBounce bounce = of(header).bounces.peekLast();
    return bounce != null
        && bounce.device().equals(device)
        && bounce.header().sequence() < run.header().sequence();
  }

  /** The newest run of the task, taken or not. */
  Optional<IommuMap> newestRun(EventHeader header) {
    return Optional.ofNullable(of(header).newest);
  }

  /** The runs that no mapping has taken so far. */
  UnclaimedRuns unclaimed() {
    return unclaimed;
  }

  private Runs take(Deque<Traced> runs, long iova, long endIova) {
    List<Traced> taken = new ArrayList<>();
    Iterator<Traced> newestFirst = runs.descendingIterator();
    long expectedEnd = endIova;
    while (newestFirst.hasNext() && expectedEnd != iova) {
      Traced traced = newestFirst.next();
      PageTableRun run = traced.run();
      boolean inside =
          run.sizeBytes() != 0
              && Long.compareUnsigned(run.iova() - iova, endIova - iova) < 0
              && run.iova() + run.sizeBytes() == expectedEnd;
      if (inside) {
        taken.add(traced);
        expectedEnd = run.iova();
      }
    }
    if (expectedEnd != iova) {
      return Runs.NONE;
    }
    Collections.reverse(taken);
    taken.forEach(runs::removeLastOccurrence);
    taken.forEach(traced -> unclaimed.claim(traced.run().iova(), traced.header().sequence()));
    return new Runs(
        taken.stream().map(Traced::run).toList(),
        Optional.of(taken.getFirst().header()),
        taken.stream().map(Traced::header).toList());
  }

  /** Takes the newest run of size 0 at {@code iova}: 6.12 maps nothing, and says so. */
  boolean takeEmptyRun(EventHeader header, long iova) {
    return of(header)
        .runs
        .removeIf(traced -> traced.run().sizeBytes() == 0 && traced.run().iova() == iova);
  }

  /** Takes the task's newest bounce of that device and size. */
  Optional<SwiotlbBounce> takeBounce(EventHeader header, String device, long sizeBytes) {
    Iterator<SwiotlbBounce> newestFirst = of(header).bounces.descendingIterator();
    while (newestFirst.hasNext()) {
      SwiotlbBounce bounce = newestFirst.next();
      if (bounce.device().equals(device) && bounce.sizeBytes() == sizeBytes) {
        newestFirst.remove();
        return Optional.of(bounce);
      }
    }
    return Optional.empty();
  }

  private Trail of(EventHeader header) {
    // The idle tasks of all CPUs have pid 0.
    long key = header.pid() > 0 ? header.pid() : -1L - header.cpu();
    return trails.computeIfAbsent(key, _ -> new Trail());
  }
}
