package io.dmascope.model.predict;

import io.dmascope.model.backend.Moment;
import io.dmascope.model.event.DmaFree;
import io.dmascope.model.event.DmaFreeSgt;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds in a capture which blocks of addresses devices took and gave back, and replays them under
 * each flush policy; the addresses tell which one is the machine's.
 *
 * <p>{@code iommu:unmap} names no device. Single unmaps are traced behind it and unmaps of lists
 * and frees before it, by the same task. An unmap that the page tables had nothing of gives nothing
 * back, as in the kernel.
 */
final class IovaSteps {
  private static final int REMEMBERED_MAX = 512;
  private static final int LISTS_MAX = 100_000;
  private static final int TRACED_MAX = 128;

  /** A window of a host bridge that has to be learnt takes a few wrong addresses. */
  private static final long CONTRADICTIONS_MIN = 16;

  private record ListKey(String device, U64List physAddrs) {
    static ListKey of(String device, U64List physAddrs) {
      return physAddrs.size() <= TRACED_MAX
          ? new ListKey(device, physAddrs)
          : new ListKey(device, U64List.wrap(Arrays.copyOf(physAddrs.toArray(), TRACED_MAX)));
    }
  }

  /** A block of I/O virtual addresses. */
  record Block(long iova, long sizeBytes) {}

  /** An unmap that was announced: the next one of its task at that address is it. */
  private record Announced(String device, long iova) {}

  private static final class Task {
    final Deque<IommuUnmap> unmapped = new ArrayDeque<>();
    final Deque<Announced> announced = new ArrayDeque<>();
  }

  private final long granule;
  private final boolean translated;
  private final List<IovaReplay> replays;
  private final Map<Long, Task> tasks = new HashMap<>();
  private final LinkedHashMap<ListKey, Deque<List<Block>>> lists = new LinkedHashMap<>();

  IovaSteps(CaptureParameters parameters, UnclaimedRuns unclaimed) {
    this.granule = parameters.granule();
    this.translated = parameters.translated();
    this.replays =
        parameters.flushPolicies().stream()
            .map(policy -> new IovaReplay(parameters, policy, unclaimed))
            .toList();
  }

  /** Takes in an event that may give a block back, or tells of a group. */
  void apply(TraceEvent event) {
    switch (event) {
      case IommuGroupChange change -> group(change);
      case IommuUnmap unmap -> unmapped(unmap);
      case DmaUnmap unmap -> released(unmap);
      case DmaUnmapSg unmap -> announce(unmap);
      case DmaFree free -> announce(free.header(), free.device(), free.dmaAddr());
      case DmaFreeSgt free -> announce(free.header(), free.device(), free.dmaAddr());
      case EventsLost _ -> lost();
      default -> {}
    }
  }

  /** A mapping or an allocation was given {@code sizeBytes} at {@code iova}, at {@code began}. */
  void taken(EventHeader began, String device, long iova, long sizeBytes) {
    if (began.cpu() >= 0 && sizeBytes > 0) {
      for (IovaReplay replay : replays) {
        replay.take(began.sequence(), moment(began), device, iova, sizeBytes);
      }
    }
  }

  /** The same for a list, of whose unmap only the physical addresses will be known. */
  void taken(EventHeader began, DmaMapSg list, long iova, long sizeBytes) {
    taken(began, list.device(), iova, sizeBytes);
    hold(list, List.of(new Block(iova, sizeBytes)));
  }

  /** Remembers the blocks that the unmap of the list will give back. */
  void hold(DmaMapSg list, List<Block> blocks) {
    lists
        .computeIfAbsent(ListKey.of(list.device(), list.physAddrs()), _ -> new ArrayDeque<>())
        .add(List.copyOf(blocks));
    if (lists.size() > LISTS_MAX) {
      lists.pollFirstEntry();
    }
  }

  /**
   * The replay of the machine's policy: strict, unless the addresses contradict it. It is wrong of
   * a strict machine at worst once in a magazine of 127, and of a lazy one every second time. The
   * lazy replay cannot be contradicted, because it makes no claim where a flush is not traced; it
   * learns from what it sees, and may explain more of a strict machine than the strict one.
   */
  IovaReport report() {
    return replays.stream()
        .map(IovaReplay::report)
        .reduce((best, next) -> contradicted(best, next) ? next : best)
        .orElseThrow();
  }

  private static boolean contradicted(IovaReport report, IovaReport other) {
    boolean often = report.different() > (report.exact() + report.different()) / 10;
    return often && (report.different() >= CONTRADICTIONS_MIN || other.exact() > report.exact());
  }

  private void group(IommuGroupChange change) {
    if (change.added()) {
      replays.forEach(replay -> replay.joins(change.device(), change.groupId()));
    }
  }

  private void lost() {
    tasks.clear();
    replays.forEach(IovaReplay::lost);
  }

  private void unmapped(IommuUnmap unmap) {
    Task task = task(unmap.header());
    for (Iterator<Announced> it = task.announced.iterator(); it.hasNext(); ) {
      Announced announced = it.next();
      if (announced.iova() == unmap.iova()) {
        it.remove();
        give(unmap.header(), announced.device(), unmap.iova(), unmap.sizeBytes());
        return;
      }
    }
    task.unmapped.addLast(unmap);
    if (task.unmapped.size() > REMEMBERED_MAX) {
      task.unmapped.removeFirst();
    }
  }

  private void released(DmaUnmap unmap) {
    long iova = unmap.dmaAddr() & -granule;
    long sizeBytes = ((unmap.dmaAddr() + unmap.sizeBytes() + granule - 1) & -granule) - iova;
    if (!translated || takeUnmapped(task(unmap.header()), iova, sizeBytes)) {
      give(unmap.header(), unmap.device(), iova, sizeBytes);
    }
  }

  private static boolean takeUnmapped(Task task, long iova, long sizeBytes) {
    for (Iterator<IommuUnmap> it = task.unmapped.descendingIterator(); it.hasNext(); ) {
      IommuUnmap unmap = it.next();
      if (unmap.iova() == iova && unmap.sizeBytes() == sizeBytes) {
        it.remove();
        return true;
      }
    }
    return false;
  }

  private void announce(DmaUnmapSg unmap) {
    ListKey key = ListKey.of(unmap.device(), unmap.physAddrs());
    Deque<List<Block>> open = lists.get(key);
    if (open == null) {
      return;
    }
    List<Block> blocks = open.remove();
    if (open.isEmpty()) {
      lists.remove(key);
    }
    for (Block block : blocks) {
      if (translated) {
        announce(unmap.header(), unmap.device(), block.iova());
      } else {
        give(unmap.header(), unmap.device(), block.iova(), block.sizeBytes());
      }
    }
  }

  private void announce(EventHeader header, String device, long dmaAddr) {
    Deque<Announced> announced = task(header).announced;
    announced.addLast(new Announced(device, dmaAddr & -granule));
    if (announced.size() > REMEMBERED_MAX) {
      announced.removeFirst();
    }
  }

  private void give(EventHeader header, String device, long iova, long sizeBytes) {
    if (header.cpu() >= 0) {
      for (IovaReplay replay : replays) {
        replay.give(header.sequence(), moment(header), device, iova, sizeBytes);
      }
    }
  }

  private static Moment moment(EventHeader header) {
    return new Moment(header.timestampNs(), header.cpu());
  }

  private Task task(EventHeader header) {
    // The idle tasks of all CPUs have pid 0.
    long key = header.pid() > 0 ? header.pid() : -1L - header.cpu();
    return tasks.computeIfAbsent(key, _ -> new Task());
  }
}
