package io.dmascope.producer.synthetic.fault;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.producer.synthetic.fault.Injected.Sureness;
import io.dmascope.producer.synthetic.machine.Single;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Mappings of one kind that a driver never unmaps: they grow in number until the end. */
final class Leaks {
  /** A trend is told from what a driver uses for a while only where it goes on and on. */
  private static final long CLEAR_NS = 4_000_000_000L;

  private static final int WINDOWS = 20;
  private static final int CLEAR_IN_A_WINDOW = 2;

  /** What one piece of a driver maps. */
  private record Site(String device, DmaDirection direction, long sizeBytes) {
    static Site of(Single single) {
      return new Site(single.device().name(), single.direction(), single.sizeBytes());
    }
  }

  private Fault<?> fault;
  private Site site;
  private Single first;
  private final List<Long> timesNs = new ArrayList<>();

  /** Takes a mapping in; false where it is of another kind than the first. */
  boolean add(Fault<?> committed, Single single) {
    if (site == null) {
      fault = committed;
      site = Site.of(single);
      first = single;
    }
    if (!site.equals(Site.of(single))) {
      return false;
    }
    timesNs.add(single.device().machine().recorder().nowNs());
    return true;
  }

  /** Tells of the leak, at the last event, where a rule looks at it. */
  void ended(long sequence, long fromNs, long toNs, Consumer<Injected> out) {
    if (site != null) {
      out.accept(
          new Injected(
              fault.ruleId(),
              fault.what(),
              sequence,
              site.device,
              first.dmaAddr(),
              site.sizeBytes,
              Sureness.SUSPECT, // a trend is no proof
              List.of(first.mappedAt()),
              false,
              !isClear(fromNs, toNs)));
    }
  }

  private boolean isClear(long fromNs, long toNs) {
    int[] windows = new int[WINDOWS];
    for (long timeNs : timesNs) {
      windows[(int) Math.min(WINDOWS - 1, (timeNs - fromNs) * WINDOWS / (toNs - fromNs + 1))]++;
    }
    for (int count : windows) {
      if (count < CLEAR_IN_A_WINDOW) {
        return false;
      }
    }
    return toNs - fromNs >= CLEAR_NS;
  }
}
