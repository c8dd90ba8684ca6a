package io.dmascope.model.mapping;

import io.dmascope.model.event.EventHeader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What each task did last, to join events that name no device with those that do.
 *
 * <p>{@code iommu:map} stands on the same task before the {@code dma_map_*} that it serves, {@code
 * swiotlb_bounced} likewise; {@code iommu:unmap} stands before {@code dma_unmap_page} but after
 * {@code dma_unmap_sg} and {@code dma_free}. In an interrupt the events carry the interrupted
 * task's pid, so that several calls may be open on one pid. They nest: what an interrupt began it
 * ends before the task goes on, and so a call's events are the task's newest that fit it. Between
 * the events of one call any time may pass, since a task is preempted, and a virtual CPU too.
 */
public final class Tasks {
  /**
   * Page-table runs remembered for a task; a scatterlist makes one per physically contiguous run.
   */
  static final int RUNS_MAX = 4096;

  /** Removed runs remembered for a task; a call has few, and two-step users leave them behind. */
  static final int REMOVED_RUNS_MAX = 256;

  /**
   * A run that nobody claimed: made for somebody who uses no DMA API event, e.g. the two-step IOVA
   * API or VFIO.
   */
  public record Run(EventHeader header, long iova, long physAddr, long sizeBytes) {
    boolean overlaps(long first, long last) {
      return Long.compareUnsigned(iova, last) <= 0
          && Long.compareUnsigned(first, Addresses.last(iova, sizeBytes)) <= 0;
    }

    boolean overlaps(Run other) {
      return overlaps(other.iova, other.lastIova());
    }

    /** Where the device gets when it goes to this address, which the run covers. */
    long physAddrOf(long addr) {
      return physAddr + (addr - iova);
    }

    /** Last byte of the run. */
    public long lastIova() {
      return Addresses.last(iova, sizeBytes);
    }
  }

  /**
   * A bounce that waits for its mapping.
   *
   * @param deviceAddr the address that the buffer would have had: through an IOMMU the physical one
   * @param dmaMask of the device
   * @param forced the kernel was told to bounce always
   */
  public record Bounce(
      EventHeader header,
      String device,
      long deviceAddr,
      long sizeBytes,
      long dmaMask,
      boolean forced) {}

  /** Page-table entries that were removed and that no DMA event has claimed yet. */
  public record Removal(EventHeader header, long iova, long sizeBytes, long unmappedBytes) {
    /** True where the kernel found less mapped than it was to remove. */
    public boolean hole() {
      return Long.compareUnsigned(unmappedBytes, sizeBytes) < 0;
    }

    /** True where the removed range covers the whole of the given one. */
    public boolean covers(long first, long last) {
      return Long.compareUnsigned(iova, first) <= 0
          && Long.compareUnsigned(last, Addresses.last(iova, sizeBytes)) <= 0;
    }

    boolean overlaps(long first, long last) {
      return Long.compareUnsigned(iova, last) <= 0
          && Long.compareUnsigned(first, Addresses.last(iova, sizeBytes)) <= 0;
    }
  }

  /**
   * The last {@code dma_unmap_sg} or {@code dma_free} of a task: its page tables are removed after
   * it.
   */
  public record Closing(EventHeader header, String device, long first, long last, boolean faulty) {
    boolean overlaps(long from, long to) {
      return Long.compareUnsigned(first, to) <= 0 && Long.compareUnsigned(from, last) <= 0;
    }

    boolean isWithin(long from, long to) {
      return Long.compareUnsigned(from, first) <= 0 && Long.compareUnsigned(last, to) <= 0;
    }
  }

  private final TaskTable tasks = new TaskTable();

  /** The tasks that have a run which nobody has claimed: few, and mostly none. */
  private final List<Task> withRuns = new ArrayList<>();

  private long runsDropped;

  /** Notes a page-table run. */
  public void mapped(Run run) {
    Task task = task(run.header());
    if (task.runs.isEmpty()) {
      withRuns.add(task);
    } else if (task.runs.size() == RUNS_MAX) {
      task.runs.removeFirst();
      runsDropped++;
    }
    task.open(run);
  }

  /**
   * Takes the runs of the task's newest call that overlap the bytes, oldest first.
   *
   * <p>The pages of one call do not overlap, so that of two runs over the same address the older
   * one belongs to a call further out, in another address space.
   *
   * @param made what the call made: a run that was removed at its address meanwhile counts where it
   *     leads to this memory
   */
  List<Run> takeRuns(EventHeader header, long first, long last, MappedObject made) {
    Task task = find(header);
    if (task == null || (task.runs.isEmpty() && task.perhapsRemoved.isEmpty())) {
      return List.of();
    }
    List<Run> taken = new ArrayList<>(task.runs.size());
    if (task.takeNewestRuns(first, last, taken) && task.runs.isEmpty()) {
      withRuns.remove(task);
    }
    task.takeRemovedRuns(first, last, made, taken);
    taken.sort(Comparator.comparingLong(run -> run.header().sequence()));
    return taken;
  }

  /** The task's unclaimed run that overlaps the bytes, or null. */
  public Run unclaimedRun(EventHeader header, long first, long last) {
    Task task = find(header);
    return task == null ? null : task.firstRun(first, last);
  }

  /** The youngest run of any task that covers the byte and that no DMA event claimed, or null. */
  public Run unclaimedOver(long addr) {
    Run youngest = null;
    for (Task task : withRuns) {
      for (Run run : task.runs) {
        if (run.overlaps(addr, addr)
            && (youngest == null || run.header().sequence() > youngest.header().sequence())) {
          youngest = run;
        }
      }
    }
    return youngest;
  }

  /** True where runs were forgotten for want of room, so that a missing one proves nothing. */
  public boolean runsDropped() {
    return runsDropped > 0;
  }

  /**
   * Notes a removal; returns an older one of the task that was never claimed and has to make room,
   * or null.
   */
  public Removal removed(Removal removal) {
    Task task = task(removal.header());
    removeRuns(removal);
    Removal forgotten = task.removals.size() == REMOVALS_MAX ? task.removals.removeFirst() : null;
    task.removals.add(removal);
    return forgotten;
  }

  /**
   * What is unmapped through the two-step IOVA API is no longer mapped, whichever task unmapped it:
   * mostly an interrupt does. Or it was the same address of another domain, and the call whose run
   * it is goes on: the run is kept apart until that shows. Behind a DMA API call no run is open,
   * and this costs nothing.
   */
  private void removeRuns(Removal removal) {
    if (withRuns.isEmpty()) {
      return;
    }
    long last = Addresses.last(removal.iova, removal.sizeBytes);
    for (int i = withRuns.size() - 1; i >= 0; i--) {
      Task task = withRuns.get(i);
      if (!task.mayOverlap(removal.iova, last)) {
        continue;
      }
      List<Run> removed = new ArrayList<>();
      if (!task.takeRuns(removal.iova, last, removed)) {
        continue;
      }
      tasks.changed(task);
      if (task.runs.isEmpty()) {
        withRuns.remove(i);
      }
      for (Run run : removed) {
        if (task.perhapsRemoved.size() == REMOVED_RUNS_MAX) {
          task.perhapsRemoved.removeFirst();
        }
        task.perhapsRemoved.add(run);
      }
    }
  }

  /**
   * Bounces, sg unmaps and frees that may be open on a task at once: a call of its own and those of
   * interrupts in it, which nest as deep as softirq, hard irq and NMI. What is older was left
   * behind.
   */
  private static final int NESTED_MAX = 8;

  /** Removals remembered for a task. */
  static final int REMOVALS_MAX = 64;

  /** Takes the task's newest removal that overlaps the bytes, or null. */
  public Removal takeRemoval(EventHeader header, long first, long last) {
    Task task = find(header);
    if (task == null) {
      return null;
    }
    for (int i = task.removals.size() - 1; i >= 0; i--) {
      if (task.removals.get(i).overlaps(first, last)) {
        return task.removals.remove(i);
      }
    }
    return null;
  }

  /**
   * True where some task removed the translation of these bytes after {@code since}, and no DMA
   * event told yet.
   */
  public boolean removedSince(long since, long first, long last) {
    for (Task task : tasks.all()) {
      for (Removal removal : task.removals) {
        if (removal.header().sequence() > since && removal.covers(first, last)) {
          return true;
        }
      }
    }
    return false;
  }

  public void closing(Closing closing) {
    Task task = task(closing.header());
    if (task.closings.size() == NESTED_MAX) {
      task.closings.removeFirst();
    }
    task.closings.add(closing);
  }

  /** True where page tables of a sg unmap or free of the task may still have to be removed. */
  boolean isClosing(EventHeader header) {
    Task task = find(header);
    return task != null && !task.closings.isEmpty();
  }

  /**
   * Takes the task's newest sg unmap or free whose bytes overlap, or null. It stays as long as more
   * of its page tables may be removed: entries of an untrusted device go one by one. Once all are
   * gone another domain's removal at the same address is none of its business.
   */
  public Closing takeClosing(EventHeader header, long first, long last) {
    Task task = find(header);
    if (task == null) {
      return null;
    }
    for (int i = task.closings.size() - 1; i >= 0; i--) {
      Closing closing = task.closings.get(i);
      if (closing.overlaps(first, last)) {
        if (closing.faulty || closing.isWithin(first, last)) {
          task.closings.remove(i);
        }
        return closing;
      }
    }
    return null;
  }

  /** The task's newest sg unmap or free, where it was as it should be; or null. */
  Closing newestClosing(EventHeader header) {
    Task task = find(header);
    Closing closing = task == null || task.closings.isEmpty() ? null : task.closings.getLast();
    return closing == null || closing.faulty ? null : closing;
  }

  /** Notes that the page tables of the task's newest sg unmap or free are removed. */
  void closed(EventHeader header) {
    task(header).closings.removeLast();
  }

  public void bounced(Bounce bounce) {
    Task task = task(bounce.header());
    if (task.bounces.size() == NESTED_MAX) {
      task.bounces.removeFirst();
    }
    task.bounces.add(bounce);
  }

  /** Takes the task's newest open bounce for that device, or null. */
  public Bounce takeBounce(EventHeader header, String device) {
    Task task = find(header);
    if (task == null) {
      return null;
    }
    for (int i = task.bounces.size() - 1; i >= 0; i--) {
      if (task.bounces.get(i).device.equals(device)) {
        return task.bounces.remove(i);
      }
    }
    return null;
  }

  private Task task(EventHeader header) {
    Task known = find(header);
    return known == null ? tasks.add(key(header), header.sequence(), this::forgotten) : known;
  }

  private void forgotten(Task quietest) {
    withRuns.remove(quietest);
    runsDropped += quietest.runs.size() + quietest.perhapsRemoved.size();
  }

  private Task find(EventHeader header) {
    return tasks.find(key(header), header.sequence());
  }

  /** Every CPU has an idle task of its own, all with pid 0. */
  private static long key(EventHeader header) {
    return header.pid() > 0 ? header.pid() : -1L - header.cpu();
  }

  void save(StateWriter out) {
    out.u(runsDropped);
  }

  void restore(StateReader in) {
    runsDropped = in.u();
  }

  /** Hands out every page of tasks that changed since the last call. */
  public void saveTasks(CaptureState.PageSink sink) {
    tasks.saveChanges(sink);
  }

  public void restoreTasks(int page, byte[] image) {
    tasks.restore(page, image);
  }

  /** Ends the restoration. */
  void restored() {
    for (Task task : tasks.all()) {
      if (!task.runs.isEmpty()) {
        withRuns.add(task);
      }
    }
  }
}
