package io.dmascope.producer.synthetic.fault;

import io.dmascope.producer.synthetic.fault.Fault.Occasion;
import io.dmascope.producer.synthetic.machine.Chance;
import io.dmascope.producer.synthetic.machine.Context;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Which faults are committed, and when: each waits for its own number of calls at which it could be
 * done, so that the plan works with every profile.
 */
public final class FaultPlan extends Occasions {
  /**
   * A fault of the plan.
   *
   * @param first how many calls that fit pass before the first time
   * @param meanGap how many pass between two, on average
   * @param times how often it is committed at most
   */
  public record Planned(Fault<?> fault, long first, long meanGap, long times) {}

  private static final class Pending<T> {
    final Fault<T> fault;
    final long meanGap;
    long skip;
    long times;

    Pending(Fault<T> fault, Planned planned) {
      this.fault = fault;
      this.meanGap = planned.meanGap;
      boolean waits = fault.occasion() != Occasion.UNBINDING && !fault.isLasting();
      this.skip = waits ? planned.first : 0;
      this.times = fault.isLasting() ? Long.MAX_VALUE : planned.times;
    }
  }

  private final Map<Occasion, List<Pending<?>>> pending = new EnumMap<>(Occasion.class);
  private final Chance chance;
  private final TruthLog log;
  private boolean committing;

  /**
   * A plan that has not begun.
   *
   * @param truth told of every fault when it is committed
   */
  public FaultPlan(List<Planned> planned, Chance chance, Consumer<Injected> truth) {
    for (Occasion occasion : Occasion.values()) {
      pending.put(occasion, new ArrayList<>());
    }
    planned.forEach(each -> pending.get(each.fault.occasion()).add(pending(each.fault, each)));
    this.chance = chance;
    this.log = new TruthLog(truth);
  }

  private static <T> Pending<T> pending(Fault<T> fault, Planned planned) {
    return new Pending<>(fault, planned);
  }

  /** Commits the first fault that is due at this call; one call is done wrong in one way. */
  @Override
  Object at(Occasion occasion, Context at, Object call) {
    if (committing) {
      return null; // a fault makes calls, too
    }
    for (Pending<?> each : pending.get(occasion)) {
      if (each.times > 0 && isDue(each, call)) {
        committing = true;
        try {
          return deed(each, at, call);
        } finally {
          committing = false;
        }
      }
    }
    return null;
  }

  /** The occasion decides the type of the call: {@link Fault} has one factory for each. */
  @SuppressWarnings("unchecked")
  static <T> boolean fits(Fault<T> fault, Object call) {
    return fault.fits((T) call);
  }

  @SuppressWarnings("unchecked")
  private <T> Object deed(Pending<T> each, Context at, Object call) {
    return each.fault.commit(at, (T) call, log);
  }

  private boolean isDue(Pending<?> each, Object call) {
    if (!fits(each.fault, call)) {
      return false;
    }
    if (each.skip > 0) {
      each.skip--;
      return false;
    }
    each.times--;
    each.skip = each.fault.isLasting() ? 0 : chance.aroundNs(each.meanGap);
    return true;
  }

  @Override
  public void ended(long sequence, long fromNs, long toNs) {
    log.ended(sequence, fromNs, toNs);
  }
}
