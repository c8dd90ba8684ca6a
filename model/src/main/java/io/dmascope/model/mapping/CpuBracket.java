package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;

/** The {@code begin_cpu_access} calls of a buffer that are open, by direction. */
public final class CpuBracket {
  private final int[] open = new int[DmaDirection.values().length];
  private EventHeader closed;

  void begin(DmaDirection direction) {
    open[direction.ordinal()]++;
  }

  /** An end whose beginning was not seen closes nothing. */
  void end(DmaDirection direction, EventHeader header) {
    open[direction.ordinal()] = Math.max(0, open[direction.ordinal()] - 1);
    closed = header;
  }

  /** True where the CPU may access the buffer so. */
  public boolean covers(DmaDirection access) {
    return isOpen(DmaDirection.BIDIRECTIONAL)
        || switch (access) {
          case FROM_DEVICE, TO_DEVICE -> isOpen(access);
          case BIDIRECTIONAL -> isOpen(DmaDirection.FROM_DEVICE) && isOpen(DmaDirection.TO_DEVICE);
          // What kind of access it is was not recorded: any bracket will do.
          case NONE, UNKNOWN -> isOpen();
        };
  }

  /** True where any bracket is open. */
  public boolean isOpen() {
    for (int count : open) {
      if (count > 0) {
        return true;
      }
    }
    return false;
  }

  private boolean isOpen(DmaDirection direction) {
    return open[direction.ordinal()] > 0;
  }

  /** Where a bracket was closed last, or null. */
  public EventHeader closed() {
    return closed;
  }

  void save(StateWriter out) {
    for (int count : open) {
      out.u(count);
    }
    out.header(closed);
  }

  static CpuBracket restored(StateReader in) {
    CpuBracket bracket = new CpuBracket();
    for (int i = 0; i < bracket.open.length; i++) {
      bracket.open[i] = in.i();
    }
    bracket.closed = in.header();
    return bracket;
  }
}
