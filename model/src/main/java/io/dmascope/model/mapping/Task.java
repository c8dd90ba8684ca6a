package io.dmascope.model.mapping;

import io.dmascope.model.finding.MappingKind;
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
   * Runs whose bytes were unmapped meanwhile: in this address space, or at the same address of
   * another domain (SUP-DOM). Where the event that they serve is still to come, it was another.
   */
  final List<Run> perhapsRemoved = new ArrayList<>(0);

  final List<Removal> removals = new ArrayList<>(2);
  final List<Bounce> bounces = new ArrayList<>(1);
  final List<Closing> closings = new ArrayList<>(1);

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

  /**
   * Moves the newest open runs that share bytes with these, and of several over the same address
   * only the newest; false where there is none.
   */
  boolean takeNewestRuns(long first, long last, List<Run> taken) {
    if (!mayOverlap(first, last)) {
      return false;
    }
    int size = runs.size();
    int kept = size;
    long lowest = 0;
    long highest = 0;
    for (int i = size - 1; i >= 0; i--) {
      Run run = runs.get(i);
      boolean beside =
          taken.isEmpty()
              || Long.compareUnsigned(run.lastIova(), lowest) < 0
              || Long.compareUnsigned(highest, run.iova()) < 0;
      if (run.overlaps(first, last) && (beside || !isOver(taken, run))) {
        boolean isFirst = taken.isEmpty();
        lowest = isFirst || Long.compareUnsigned(run.iova(), lowest) < 0 ? run.iova() : lowest;
        highest =
            isFirst || Long.compareUnsigned(run.lastIova(), highest) > 0 ? run.lastIova() : highest;
        taken.add(run);
      } else {
        runs.set(--kept, run);
      }
    }
    runs.subList(0, kept).clear();
    return kept > 0;
  }

  /**
   * Moves the newest removed runs that share bytes with these, lie over none that was taken and
   * lead where the mapping says.
   */
  void takeRemovedRuns(long first, long last, MappedObject made, List<Run> taken) {
    for (int i = perhapsRemoved.size() - 1; i >= 0; i--) {
      Run run = perhapsRemoved.get(i);
      if (run.overlaps(first, last) && !isOver(taken, run) && leadsTo(run, made)) {
        taken.add(run);
        perhapsRemoved.remove(i);
      }
    }
  }

  private static boolean isOver(List<Run> taken, Run run) {
    for (int i = taken.size() - 1; i >= 0; i--) {
      if (taken.get(i).overlaps(run)) {
        return true;
      }
    }
    return false;
  }

  /** A single mapping says which memory it is of; of lists and buffers nothing contradicts. */
  private static boolean leadsTo(Run run, MappedObject made) {
    return made.kind() != MappingKind.SINGLE
        || Long.compareUnsigned(made.dmaAddr(), run.iova()) < 0
        || run.physAddrOf(made.dmaAddr()) == made.physAddr();
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
    out.u(bounces.size());
    for (Bounce bounce : bounces) {
      out.header(bounce.header())
          .text(bounce.device())
          .u(bounce.deviceAddr())
          .u(bounce.sizeBytes())
          .u(bounce.dmaMask())
          .flag(bounce.forced());
    }
    out.u(closings.size());
    for (Closing closing : closings) {
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
    for (int n = in.i(); n > 0; n--) {
      task.bounces.add(new Bounce(in.header(), in.text(), in.u(), in.u(), in.u(), in.flag()));
    }
    for (int n = in.i(); n > 0; n--) {
      task.closings.add(new Closing(in.header(), in.text(), in.u(), in.u(), in.flag()));
    }
    return task;
  }
}
