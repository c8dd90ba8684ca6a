package io.dmascope.model.mapping;

import io.dmascope.model.mapping.Tasks.Bounce;
import io.dmascope.model.mapping.Tasks.Closing;
import io.dmascope.model.mapping.Tasks.Removal;
import io.dmascope.model.mapping.Tasks.Run;
import java.util.ArrayList;
import java.util.List;

/** One task: what it did last and no DMA event has claimed yet. */
final class Task {
  final long key;

  /** Place in the {@link TaskTable}. */
  final int slot;

  /** The next in a chain of the {@link TaskTable}. */
  Task next;

  /** Sequence of the last event that asked for it. */
  long lastSequence;

  final List<Run> runs = new ArrayList<>(2);

  /**
   * Runs whose bytes another task has unmapped meanwhile: in this address space, or at the same
   * address of another domain (SUP-DOM). Where the event that they serve is still to come, it was
   * another.
   */
  final List<Run> perhapsRemoved = new ArrayList<>(0);

  final List<Removal> removals = new ArrayList<>(2);
  Bounce bounce;
  Closing closing;

  /** No run lies outside of these; where none is open they mean nothing. */
  private long lowestIova;

  private long highestIova;

  Task(long key, int slot) {
    this.key = key;
    this.slot = slot;
  }

  /** Notes a run that nobody has claimed. */
  void open(Run run) {
    boolean first = runs.isEmpty();
    if (first || Long.compareUnsigned(run.iova(), lowestIova) < 0) {
      lowestIova = run.iova();
    }
    if (first || Long.compareUnsigned(run.lastIova(), highestIova) > 0) {
      highestIova = run.lastIova();
    }
    runs.add(run);
  }

  /** False where no open run can share bytes with these. */
  boolean mayOverlap(long first, long last) {
    return !runs.isEmpty()
        && Long.compareUnsigned(lowestIova, last) <= 0
        && Long.compareUnsigned(first, highestIova) <= 0;
  }

  /** The oldest open run that shares bytes with these, or null. */
  Run firstRun(long first, long last) {
    if (mayOverlap(first, last)) {
      for (int i = 0; i < runs.size(); i++) {
        if (runs.get(i).overlaps(first, last)) {
          return runs.get(i);
        }
      }
    }
    return null;
  }

  /** Moves the open runs that share bytes with these, oldest first; false where there is none. */
  boolean takeRuns(long first, long last, List<Run> taken) {
    if (!mayOverlap(first, last)) {
      return false;
    }
    int kept = 0;
    int size = runs.size();
    for (int i = 0; i < size; i++) {
      Run run = runs.get(i);
      if (run.overlaps(first, last)) {
        taken.add(run);
      } else {
        runs.set(kept++, run);
      }
    }
    runs.subList(kept, size).clear();
    return kept < size;
  }

  void save(StateWriter out) {
    out.s(key).u(lastSequence).u(runs.size());
    runs.forEach(r -> save(out, r));
    out.u(perhapsRemoved.size());
    perhapsRemoved.forEach(r -> save(out, r));
    out.u(removals.size());
    removals.forEach(r -> out.header(r.header()).u(r.iova()).u(r.sizeBytes()).u(r.unmappedBytes()));
    out.flag(bounce != null);
    if (bounce != null) {
      out.header(bounce.header())
          .text(bounce.device())
          .u(bounce.deviceAddr())
          .u(bounce.sizeBytes())
          .u(bounce.dmaMask())
          .flag(bounce.forced());
    }
    out.flag(closing != null);
    if (closing != null) {
      out.header(closing.header())
          .text(closing.device())
          .u(closing.first())
          .u(closing.last())
          .flag(closing.faulty());
    }
  }

  private static void save(StateWriter out, Run run) {
    out.header(run.header()).u(run.iova()).u(run.physAddr()).u(run.sizeBytes());
  }

  /** Reads what {@link #save} wrote. */
  static Task restore(StateReader in, int slot) {
    Task task = new Task(in.s(), slot);
    task.lastSequence = in.u();
    for (int n = in.i(); n > 0; n--) {
      task.open(new Run(in.header(), in.u(), in.u(), in.u()));
    }
    for (int n = in.i(); n > 0; n--) {
      task.perhapsRemoved.add(new Run(in.header(), in.u(), in.u(), in.u()));
    }
    for (int n = in.i(); n > 0; n--) {
      task.removals.add(new Removal(in.header(), in.u(), in.u(), in.u()));
    }
    if (in.flag()) {
      task.bounce = new Bounce(in.header(), in.text(), in.u(), in.u(), in.u(), in.flag());
    }
    if (in.flag()) {
      task.closing = new Closing(in.header(), in.text(), in.u(), in.u(), in.flag());
    }
    return task;
  }
}
