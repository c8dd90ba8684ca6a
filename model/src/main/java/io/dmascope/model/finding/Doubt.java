package io.dmascope.model.finding;

import io.dmascope.model.event.EventsLost;
import java.util.Arrays;
import java.util.List;

/** What may explain a finding away: a kind and its facts. A sentence only at the edge. */
public sealed interface Doubt {
  DoubtKind kind();

  /** The clause for the reader, without a full stop. */
  String sentence();

  /**
   * A doubt that was weighed here.
   *
   * @param facts numbers and names in the order in which the reason's sentence takes them
   */
  record Because(Reason reason, List<String> facts) implements Doubt {
    public Because {
      facts = List.copyOf(facts);
    }

    @Override
    public DoubtKind kind() {
      return reason.kind();
    }

    @Override
    public String sentence() {
      return reason.sentence(facts);
    }
  }

  /** A doubt as another process told it: its facts are in the sentence. */
  record Told(DoubtKind kind, String sentence) implements Doubt {}

  static Doubt of(Reason reason, Object... facts) {
    return new Because(reason, Arrays.stream(facts).map(String::valueOf).toList());
  }

  /** What was seen last at an address may not be what stands there. */
  static Doubt lostBetween(EventsLost gap) {
    return lost(gap, Reason.LOST_BETWEEN, Reason.LOST_BETWEEN_ON_CPU, Reason.UNREAD_BETWEEN);
  }

  /** What was never seen may have happened all the same. */
  static Doubt lostBefore(EventsLost gap) {
    return lost(gap, Reason.LOST_BEFORE, Reason.LOST_BEFORE_ON_CPU, Reason.UNREAD_BEFORE);
  }

  /** A CPU told only later that it had lost events about then. */
  static Doubt lostAround(EventsLost gap) {
    return lost(gap, Reason.LOST_AROUND, Reason.LOST_AROUND_ON_CPU, Reason.UNREAD_BETWEEN);
  }

  /** A wrong unmap may have freed the address, and a gap may hide another reason. */
  static Doubt lostAndTorn(EventsLost gap) {
    return lost(
        gap,
        Reason.LOST_BEFORE_AND_TORN,
        Reason.LOST_BEFORE_ON_CPU_AND_TORN,
        Reason.UNREAD_BEFORE_AND_TORN);
  }

  private static Doubt lost(EventsLost gap, Reason anywhere, Reason onCpu, Reason unread) {
    if (gap.cause() != EventsLost.Cause.OVERRUN) {
      return of(unread);
    }
    int cpu = gap.header().cpu();
    return cpu < 0 ? of(anywhere) : of(onCpu, cpu);
  }

  /** Events of two CPUs may stand in the wrong order. */
  static Doubt clocksApart(int cpu, int otherCpu, long ns) {
    return of(Reason.CLOCKS_APART, Math.min(cpu, otherCpu), Math.max(cpu, otherCpu), ns);
  }
}
