package io.dmascope.model.finding;

import io.dmascope.model.event.EventsLost;

/**
 * The sentences by which a finding says that a gap in the recording may explain it. They are
 * written and recognised here and nowhere else: reports put such findings together where there are
 * many.
 */
public final class LossDoubt {
  private static final String LOST = "events were lost ";
  private static final String UNREADABLE = "an event %s could not be read";

  private LossDoubt() {}

  /** What was seen last at an address may not be what stands there. */
  public static String between(EventsLost gap) {
    return gap.cause() == EventsLost.Cause.OVERRUN
        ? LOST + "in between" + cpu(gap)
        : UNREADABLE.formatted("in between");
  }

  /** What was never seen may have happened all the same. */
  public static String before(EventsLost gap) {
    return gap.cause() == EventsLost.Cause.OVERRUN
        ? LOST + "before" + cpu(gap)
        : UNREADABLE.formatted("before");
  }

  /** A CPU told only later that it had lost events about then. */
  public static String around(EventsLost gap) {
    return LOST + "around it" + cpu(gap);
  }

  /** True where {@code because} is one of these sentences, alone or with what follows from it. */
  public static boolean is(String because) {
    return because.startsWith(LOST)
        || because.startsWith(UNREADABLE.formatted("in between"))
        || because.startsWith(UNREADABLE.formatted("before"));
  }

  private static String cpu(EventsLost gap) {
    return gap.header().cpu() < 0 ? "" : " on CPU " + gap.header().cpu();
  }
}
