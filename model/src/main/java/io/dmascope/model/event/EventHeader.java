package io.dmascope.model.event;

import java.util.Objects;

/**
 * When and where an event happened, and where it stands in its capture.
 *
 * @param sequence dense, 0-based position in the capture; the only order that verdicts may depend
 *     on
 * @param timestampNs the trace clock's stamp; nanoseconds for every clock that counts time, the
 *     bare number for {@code counter}, {@code uptime} and {@code x86-tsc}
 * @param cpu the recording CPU, or {@link #UNKNOWN}
 * @param pid the task's pid, or {@link #UNKNOWN}
 * @param comm the task's name as traced ({@code <...>} where the kernel had lost it); never null
 * @param place 1-based line of a text capture, or byte offset in a binary one; the negative of a
 *     line where the event stands in a probe recording beside the capture
 */
public record EventHeader(
    long sequence, long timestampNs, int cpu, int pid, String comm, long place) {
  /** Stands for a CPU or a pid that the capture does not tell. */
  public static final int UNKNOWN = -1;

  public EventHeader {
    Objects.requireNonNull(comm, "comm");
  }
}
