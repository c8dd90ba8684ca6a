package io.dmascope.model.mapping;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import java.util.Arrays;

/** Where the recording has gaps, and until when each CPU was heard. */
public final class Losses {
  /** CPUs beyond this number are not told apart. */
  static final int CPUS_MAX = 4096;

  private static final long NEVER = -1;

  private long[] heard = filled(new long[16], 0);
  private EventsLost last;
  private long lost;

  /** A CPU that was silent when it was asked last, and likely still is; no state. */
  private int silent;

  /**
   * Notes how many CPUs the machine has: those that have not been heard yet may have lost events
   * from the start on. Offline ones make the numbers of others larger than that; these are known
   * once they are heard.
   */
  void online(int cpus) {
    int known = Math.min(cpus, CPUS_MAX);
    makeRoom(known - 1);
    for (int cpu = 0; cpu < known; cpu++) {
      heard[cpu] = Math.max(heard[cpu], 0);
    }
  }

  /** Notes that the CPU had an event. */
  public void heard(EventHeader header) {
    int cpu = header.cpu();
    if (cpu < 0 || cpu >= CPUS_MAX) {
      return;
    }
    makeRoom(cpu);
    heard[cpu] = header.sequence();
  }

  private void makeRoom(int cpu) {
    if (cpu >= heard.length) {
      int length = heard.length;
      heard = filled(Arrays.copyOf(heard, Math.max(cpu + 1, length * 2)), length);
    }
  }

  public void lost(EventsLost event) {
    last = event;
    lost += Math.max(event.count(), 1);
  }

  /**
   * The last sequence at which the CPU was heard, or -1; for an unknown CPU the earliest of all.
   */
  public long lastHeard(int cpu) {
    return cpu >= 0 && cpu < heard.length ? heard[cpu] : NEVER;
  }

  /** True where every CPU that is known had an event after {@code sequence}. */
  public boolean allHeardSince(long sequence) {
    if (isSilentSince(silent, sequence)) {
      return false;
    }
    for (int cpu = 0; cpu < heard.length; cpu++) {
      if (isSilentSince(cpu, sequence)) {
        silent = cpu;
        return false;
      }
    }
    return true;
  }

  private boolean isSilentSince(int cpu, long sequence) {
    return heard[cpu] != NEVER && heard[cpu] <= sequence;
  }

  /** True where events may be missing after {@code sequence}. */
  public boolean since(long sequence) {
    return last != null && last.header().sequence() > sequence;
  }

  public boolean any() {
    return last != null;
  }

  /** The latest gap; null where there is none. */
  public EventsLost last() {
    return last;
  }

  /** Events the recording says it lost; gaps of unknown size count one. */
  public long lost() {
    return lost;
  }

  void save(StateWriter out) {
    out.u(lost).u(heard.length);
    for (long at : heard) {
      out.s(at);
    }
    out.header(last == null ? null : last.header());
    if (last != null) {
      out.s(last.count()).u(last.cause().ordinal());
    }
  }

  void restore(StateReader in) {
    lost = in.u();
    heard = new long[in.i()];
    for (int i = 0; i < heard.length; i++) {
      heard[i] = in.s();
    }
    EventHeader header = in.header();
    if (header != null) {
      last = new EventsLost(header, in.s(), EventsLost.Cause.values()[in.i()]);
    }
  }

  private static long[] filled(long[] values, int from) {
    Arrays.fill(values, from, values.length, NEVER);
    return values;
  }
}
