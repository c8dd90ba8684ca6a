package io.dmascope.model.finding;

import io.dmascope.model.event.EventHeader;

/** Points at an event of the capture: enough to print it and to find it again. */
public record EventRef(long sequence, long timestampNs, int cpu, int pid, String comm, long place) {
  public static EventRef of(EventHeader header) {
    return new EventRef(
        header.sequence(),
        header.timestampNs(),
        header.cpu(),
        header.pid(),
        header.comm(),
        header.place());
  }
}
