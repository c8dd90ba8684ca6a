package io.dmascope.model.dma;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.ModelOutput;

/**
 * The DMA state of one capture: apply its events in {@code sequence} order and it reports what they
 * break.
 *
 * <p>Owned by one thread. The state can be stored piecewise ({@link #saveChanges}) and brought back
 * ({@link #restore}, then {@link #restored}) so that the verdicts after a restart equal those
 * without one.
 */
public final class DmaModel {
  private long lastSequence = -1;

  /**
   * Applies one event; events at or before {@link #lastSequence} are repetitions and change
   * nothing.
   */
  public void apply(TraceEvent event, ModelOutput out) {
    if (event.header().sequence() <= lastSequence) {
      return;
    }
    lastSequence = event.header().sequence();
  }

  /** The sequence of the last applied event, or -1. */
  public long lastSequence() {
    return lastSequence;
  }

  /** Hands every piece that changed since the last call to {@code sink}. */
  public void saveChanges(StateSink sink) {}

  /** Brings one stored piece back; pieces may come in any order, before any {@link #apply}. */
  public void restore(int table, int page, byte[] image) {}

  /** Ends the restoration: indexes are rebuilt and {@link #apply} may be called. */
  public void restored() {}
}
