package io.dmascope.model.mapping;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import java.util.ArrayDeque;
import java.util.Arrays;

/** Where the recording has gaps, and until when each CPU was heard. */
public final class Losses {
  /** CPUs beyond this number are not told apart. */
  static final int CPUS_MAX = 4096;

  private static final long NEVER = -1;

  /** Gaps remembered for findings that wait; of more, the oldest two count as one. */
  static final int OPEN_GAPS_MAX = 1024;

  /** A gap that was told of at its event, and that may have begun any time since the other one. */
  private record OpenGap(long lastHeard, EventsLost told) {}

  private final ArrayDeque<OpenGap> openGaps = new ArrayDeque<>();
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
    if (event.cause() == EventsLost.Cause.OVERRUN) {
      openGaps.addLast(new OpenGap(lastHeard(event.header().cpu()), event));
      if (openGaps.size() > OPEN_GAPS_MAX) {
        OpenGap first = openGaps.removeFirst();
        OpenGap second = openGaps.removeFirst();
        openGaps.addFirst(new OpenGap(Math.min(first.lastHeard, second.lastHeard), second.told));
      }
    }
    last = event;
    lost += Math.max(event.count(), 1);
  }

  /** The gap that may have been open at that event and was told of only later; or null. */
  public EventsLost around(long sequence) {
    for (OpenGap gap : openGaps) {
      if (gap.lastHeard < sequence && sequence < gap.told.header().sequence()) {
        return gap.told;
      }
    }
    return null;
  }

  /** Forgets gaps that can concern no finding of that event or a later one. */
  public void forgetBefore(long sequence) {
    while (!openGaps.isEmpty() && openGaps.getFirst().told.header().sequence() <= sequence) {
      openGaps.removeFirst();
    }
  }

  /**
   * The last sequence at which the CPU was heard, or -1; for an unknown CPU the earliest of all.
   */
  private long lastHeard(int cpu) {
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
    save(last, out);
    out.u(openGaps.size());
    openGaps.forEach(gap -> save(gap.told, out.s(gap.lastHeard)));
  }

  private static void save(EventsLost gap, StateWriter out) {
    out.header(gap == null ? null : gap.header());
    if (gap != null) {
      out.s(gap.count()).u(gap.cause().ordinal());
    }
  }

  void restore(StateReader in) {
    lost = in.u();
    heard = new long[in.i()];
    for (int i = 0; i < heard.length; i++) {
      heard[i] = in.s();
    }
    last = restoreGap(in);
    for (int n = in.i(); n > 0; n--) {
      openGaps.addLast(new OpenGap(in.s(), restoreGap(in)));
    }
  }

  private static EventsLost restoreGap(StateReader in) {
    EventHeader header = in.header();
    return header == null
        ? null
        : new EventsLost(header, in.s(), EventsLost.Cause.values()[in.i()]);
  }

  private static long[] filled(long[] values, int from) {
    Arrays.fill(values, from, values.length, NEVER);
    return values;
  }
}
