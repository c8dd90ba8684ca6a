package io.dmascope.analytics.fault;

import io.dmascope.model.fault.FaultExplanation;
import io.dmascope.model.fault.FaultSurroundings;
import io.dmascope.model.finding.EventRef;

/**
 * Faults with one explanation, told once.
 *
 * @param first the first of them
 * @param surroundings of the first
 * @param count how many there were; at least 1
 * @param last the last of them; equals the first's event where there was one
 * @param lowestIova lowest address of any of them, unsigned
 * @param highestIova highest address of any of them, unsigned
 */
public record FaultGroup(
    FaultExplanation first,
    FaultSurroundings surroundings,
    long count,
    EventRef last,
    long lowestIova,
    long highestIova) {

  FaultGroup and(FaultExplanation next) {
    long iova = next.fault().iova();
    return new FaultGroup(
        first,
        surroundings,
        count + 1,
        next.at(),
        Long.compareUnsigned(iova, lowestIova) < 0 ? iova : lowestIova,
        Long.compareUnsigned(iova, highestIova) > 0 ? iova : highestIova);
  }
}
