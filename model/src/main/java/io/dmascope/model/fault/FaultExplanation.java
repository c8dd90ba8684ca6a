package io.dmascope.model.fault;

import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.finding.EventRef;
import java.util.List;
import java.util.Optional;

/**
 * What the model says about an access to an address at a moment.
 *
 * @param fault what was asked
 * @param at the moment as findings point at it
 * @param cause the mapping that explains it; empty for {@link FaultKind#NEVER_MAPPED}
 * @param doubt what may explain the verdict away; empty where nothing does
 * @param former the ended mapping of that page, where it is not the cause: what was there before
 * @param below the live mapping that ends within a page below, where it is not the cause
 * @param unknown what the recording does not tell, as noun clauses
 */
public record FaultExplanation(
    IoPageFault fault,
    EventRef at,
    FaultKind kind,
    Optional<FaultPiece> cause,
    String doubt,
    Optional<FaultPiece> former,
    Optional<FaultPiece> below,
    List<String> unknown) {

  public FaultExplanation {
    unknown = List.copyOf(unknown);
  }

  /** Event time since the cause ended, or since it was mapped where it is live; 0 without cause. */
  public long ageNs() {
    return cause.map(piece -> at.timestampNs() - piece.latest().timestampNs()).orElse(0L);
  }
}
