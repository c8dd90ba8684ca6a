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

  private static final class Trail {
    final Deque<PageTableRun> runs = new ArrayDeque<>();
    final Deque<SwiotlbBounce> bounces = new ArrayDeque<>();
  }

  private final Map<Long, Trail> trails = new HashMap<>();

  void add(IommuMap event) {
    Deque<PageTableRun> runs = of(event.header()).runs;
    runs.addLast(new PageTableRun(event.iova(), event.physAddr(), event.sizeBytes()));
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
  }

  /**
   * Takes the newest runs that lie one after another from {@code iova} to {@code endIova}; empty
   * where they are not all there.
   */
  List<PageTableRun> takeRuns(EventHeader header, long iova, long endIova) {
    if (iova == endIova) {
      return List.of();
    }
    Deque<PageTableRun> runs = of(header).runs;
    List<PageTableRun> taken = new ArrayList<>();
    Iterator<PageTableRun> newestFirst = runs.descendingIterator();
    long expectedEnd = endIova;
    boolean complete = false;
    while (newestFirst.hasNext() && !complete) {
      PageTableRun run = newestFirst.next();
      boolean inside =
          run.sizeBytes() != 0
              && Long.compareUnsigned(run.iova() - iova, endIova - iova) < 0
              && run.iova() + run.sizeBytes() == expectedEnd;
      if (inside) {
        taken.add(run);
        expectedEnd = run.iova();
        complete = run.iova() == iova;
      }
    }
    if (!complete) {
      return List.of();
    }
    Collections.reverse(taken);
    taken.forEach(runs::removeLastOccurrence);
    return taken;
  }

  /** Takes the newest run of size 0 at {@code iova}: 6.12 maps nothing, and says so. */
  boolean takeEmptyRun(EventHeader header, long iova) {
    return of(header).runs.removeIf(run -> run.sizeBytes() == 0 && run.iova() == iova);
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
