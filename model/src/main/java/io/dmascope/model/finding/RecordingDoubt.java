package io.dmascope.model.finding;

import io.dmascope.model.event.EventsLost;
import java.util.Optional;

/**
 * What a recording leaves out that may explain a finding. The sentences that say so are written and
 * recognised here and nowhere else: reports put such findings together where there are many.
 */
public enum RecordingDoubt {
  /** Events were lost, or stood in lines that could not be read. */
  LOSSES("events were lost that explain each"),

  /** What a finding misses may have happened before the recording began. */
  LATE_START("the recording may have begun after what they miss");

  private static final String LOST = "events were lost ";
  private static final String UNREADABLE = "an event %s could not be read";
  private static final String CLOCKS = "the clocks of CPUs ";
  private static final String BEGUN_AFTER = "the recording may have begun after ";

  private final String ofMany;

  RecordingDoubt(String ofMany) {
    this.ofMany = ofMany;
  }

  /** The clause for many findings at once. */
  public String ofMany() {
    return ofMany;
  }

  /** What was seen last at an address may not be what stands there. */
  public static String lostBetween(EventsLost gap) {
    return gap.cause() == EventsLost.Cause.OVERRUN
        ? LOST + "in between" + cpu(gap)
        : UNREADABLE.formatted("in between");
  }

  /** What was never seen may have happened all the same. */
  public static String lostBefore(EventsLost gap) {
    return gap.cause() == EventsLost.Cause.OVERRUN
        ? LOST + "before" + cpu(gap)
        : UNREADABLE.formatted("before");
  }

  /** A CPU told only later that it had lost events about then. */
  public static String lostAround(EventsLost gap) {
    return LOST + "around it" + cpu(gap);
  }

  /**
   * What was never seen may have happened before the first event.
   *
   * @param what such as "it was mapped"
   */
  public static String begunAfter(String what) {
    return BEGUN_AFTER + what;
  }

  /**
   * Events of two CPUs may stand in the wrong order. Such findings are not put together as those of
   * a recording: each has its own event that would explain it, and may still be a fault.
   */
  public static String clocksApart(int cpu, int otherCpu, long ns) {
    return "%s%d and %d may be %d ns apart, or more"
        .formatted(CLOCKS, Math.min(cpu, otherCpu), Math.max(cpu, otherCpu), ns);
  }

  /** True where {@code because} says that. */
  public static boolean isOfClocks(String because) {
    return because.startsWith(CLOCKS);
  }

  /** Which of these {@code because} says, alone or with what follows from it. */
  public static Optional<RecordingDoubt> of(String because) {
    if (because.startsWith(LOST)
        || because.startsWith(UNREADABLE.formatted("in between"))
        || because.startsWith(UNREADABLE.formatted("before"))) {
      return Optional.of(LOSSES);
    }
    return because.startsWith(BEGUN_AFTER) ? Optional.of(LATE_START) : Optional.empty();
  }

  private static String cpu(EventsLost gap) {
    return gap.header().cpu() < 0 ? "" : " on CPU " + gap.header().cpu();
  }
}
