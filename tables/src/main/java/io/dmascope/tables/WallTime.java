package io.dmascope.tables;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.rig.ClockPair;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Gives the stamps of a capture a date, where anybody told one.
 *
 * @param offsetNs wall time minus stamp
 */
public record WallTime(OptionalLong offsetNs) {
  public static final WallTime UNKNOWN = new WallTime(OptionalLong.empty());

  /** By the clock pair of the rig's manifest, where that is the clock of the stamps. */
  public static WallTime of(CaptureFacts facts) {
    Optional<ClockPair> pair = facts.rig().clock();
    return pair.isPresent()
            && facts.clockCountsTime()
            && pair.get().traceClock().equals(facts.clock())
        ? new WallTime(OptionalLong.of(pair.get().wallNsAt(0)))
        : UNKNOWN;
  }

  public boolean isKnown() {
    return offsetNs.isPresent();
  }

  /** Nanoseconds since 1970 of a stamp; only where known. */
  public long at(long timestampNs) {
    return offsetNs.orElseThrow() + timestampNs;
  }
}
