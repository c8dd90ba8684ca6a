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

  /** Notes that the CPU had an event. */
  public void heard(EventHeader header) {
    int cpu = header.cpu();
    if (cpu < 0 || cpu >= CPUS_MAX) {
      return;
    }
    if (cpu >= heard.length) {
      int length = heard.length;
      heard = filled(Arrays.copyOf(heard, Math.max(cpu + 1, length * 2)), length);
    }
    heard[cpu] = header.sequence();
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

  /** True where every CPU that ever had an event had one after {@code sequence}. */
  public boolean allHeardSince(long sequence) {
    for (long at : heard) {
      if (at != NEVER && at <= sequence) {
        return false;
      }
    }
    return true;
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
