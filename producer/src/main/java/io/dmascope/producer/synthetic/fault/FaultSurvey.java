package io.dmascope.producer.synthetic.fault;

import io.dmascope.producer.synthetic.fault.Fault.Occasion;
import io.dmascope.producer.synthetic.machine.Context;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Does nothing wrong, but looks where it could: which faults a machine has room for. */
public final class FaultSurvey extends Occasions {
  private final Set<Fault<?>> possible = new LinkedHashSet<>();
  private final Map<Occasion, List<Fault<?>>> left;

  public FaultSurvey() {
    left =
        FaultCatalogue.faults().stream()
            .collect(
                Collectors.groupingBy(
                    Fault::occasion, () -> new EnumMap<>(Occasion.class), Collectors.toList()));
  }

  @Override
  Object at(Occasion occasion, Context at, Object call) {
    left.getOrDefault(occasion, List.of())
        .removeIf(fault -> FaultPlan.fits(fault, call) && possible.add(fault));
    return null;
  }

  @Override
  public void ended(long sequence, long fromNs, long toNs) {
    // What lasts until the end begins at a call.
  }

  /** Faults that could have been committed. */
  public Set<Fault<?>> possible() {
    return Collections.unmodifiableSet(possible);
  }
}
