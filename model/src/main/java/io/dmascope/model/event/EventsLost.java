package io.dmascope.model.event;

/**
 * The recording has a gap here: what follows may lack its cause.
 *
 * @param count how many events are missing, or {@link #COUNT_UNKNOWN}
 * @param cause why they are missing
 */
public record EventsLost(EventHeader header, long count, Cause cause) implements TraceEvent {
  public static final long COUNT_UNKNOWN = -1;

  /** Why events are missing; {@code header.cpu()} is the CPU that lost them, or unknown for all. */
  public enum Cause {
    /** The ring buffer overran: {@code CPU:n [LOST m EVENTS]}, {@code [m EVENTS DROPPED]}. */
    OVERRUN,
    /** A line or record stood here that could not be read, and it may have been ours. */
    UNREADABLE
  }
}
