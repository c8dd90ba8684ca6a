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
 * task's pid, so that two joins may be open on one pid: they are told apart by address.
 */
public final class Tasks {
  /**
   * Page-table runs remembered for a task; a scatterlist makes one per physically contiguous run.
   */
  static final int RUNS_MAX = 4096;

  private static final long CALL_NS_MAX = 1_000_000;

  /**
   * A run that nobody claimed: made for somebody who uses no DMA API event, e.g. the two-step IOVA
   * API or VFIO.
   */
  public record Run(EventHeader header, long iova, long physAddr, long sizeBytes) {
    boolean overlaps(long first, long last) {
      return Long.compareUnsigned(iova, last) <= 0
          && Long.compareUnsigned(first, Addresses.last(iova, sizeBytes)) <= 0;
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
  public record Closing(EventHeader header, String device, long first, long last, boolean faulty) {}

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
    if (!task.perhapsRemoved.isEmpty()) {
      task.perhapsRemoved.removeIf(old -> !isOfOneCall(old, run.header()));
    }
  }

  /** A call makes its page-table runs and its event within moments. */
  private static boolean isOfOneCall(Run run, EventHeader now) {
    return now.timestampNs() - run.header().timestampNs() <= CALL_NS_MAX;
  }

  /** Takes the task's runs that overlap the bytes, oldest first. */
  public List<Run> takeRuns(EventHeader header, long first, long last) {
    Task task = find(header);
    if (task == null || (task.runs.isEmpty() && task.perhapsRemoved.isEmpty())) {
      return List.of();
    }
    List<Run> taken = new ArrayList<>(task.runs.size());
    for (Run run : task.perhapsRemoved) {
      if (run.overlaps(first, last) && isOfOneCall(run, header)) {
        taken.add(run);
      }
    }
    task.perhapsRemoved.clear();
    int removed = taken.size();
    if (task.takeRuns(first, last, taken) && task.runs.isEmpty()) {
      withRuns.remove(task);
    }
    if (removed > 0) {
      taken.sort(Comparator.comparingLong(run -> run.header().sequence()));
    }
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
    removeRuns(removal, task);
    Removal forgotten = task.removals.size() == REMOVALS_MAX ? task.removals.removeFirst() : null;
    task.removals.add(removal);
    return forgotten;
  }

  /**
   * What is unmapped through the two-step IOVA API is no longer mapped, whichever task unmapped it:
   * mostly an interrupt does. Behind a DMA API call no run is open, and this costs nothing.
   */
  private void removeRuns(Removal removal, Task own) {
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
        if (task != own
            && task.perhapsRemoved.size() < RUNS_MAX
            && isOfOneCall(run, removal.header())) {
          task.perhapsRemoved.add(run);
        }
      }
    }
  }

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
    task(closing.header()).closing = closing;
  }

  /** True where page tables of the task's last sg unmap or free may still have to be removed. */
  boolean isClosing(EventHeader header) {
    Task task = find(header);
    return task != null && task.closing != null;
  }

  /**
   * Takes the task's last sg unmap or free, where its bytes overlap; or null. It stays as long as
   * more of its page tables may be removed: entries of an untrusted device go one by one. Once all
   * are gone another domain's removal at the same address is none of its business.
   */
  public Closing takeClosing(EventHeader header, long first, long last) {
    Task task = find(header);
    Closing closing = task == null ? null : task.closing;
    if (closing == null
        || Long.compareUnsigned(closing.first, last) > 0
        || Long.compareUnsigned(first, closing.last) > 0) {
      return null;
    }
    boolean whole =
        Long.compareUnsigned(first, closing.first) <= 0
            && Long.compareUnsigned(closing.last, last) <= 0;
    if (whole || closing.faulty) {
      task.closing = null;
    }
    return closing;
  }

  /** The task's last sg unmap or free, where it was in that moment and as it should be; or null. */
  Closing closingNow(EventHeader header) {
    Task task = find(header);
    Closing closing = task == null ? null : task.closing;
    return closing == null
            || closing.faulty
            || header.timestampNs() - closing.header.timestampNs() > CALL_NS_MAX
        ? null
        : closing;
  }

  /** Notes that the page tables of the task's last sg unmap or free are removed. */
  void closed(EventHeader header) {
    task(header).closing = null;
  }

  public void bounced(Bounce bounce) {
    task(bounce.header()).bounce = bounce;
  }

  /** Takes the task's open bounce for that device, or null. */
  public Bounce takeBounce(EventHeader header, String device) {
    Task task = find(header);
    if (task == null || task.bounce == null || !task.bounce.device.equals(device)) {
      return null;
    }
    Bounce bounce = task.bounce;
    task.bounce = null;
    return bounce;
  }

  private Task task(EventHeader header) {
    Task known = find(header);
    return known == null ? tasks.add(key(header), header.sequence(), this::forgotten) : known;
  }

  private void forgotten(Task quietest) {
    withRuns.remove(quietest);
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
