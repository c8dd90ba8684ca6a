package io.dmascope.producer.ingest.dmesg;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Turns lines of the kernel log that the capture kit relayed into the trace into fault events.
 *
 * <p>While it streams, the kit writes each line of {@code /dev/kmsg} that matters into {@code
 * trace_marker}, so that a fault travels in the trace itself, in order, and no second file is
 * needed:
 *
 * <pre>
 *   tracing_mark_write: dmascope sync 4711-1                     and the same text to /dev/kmsg
 *   tracing_mark_write: dmascope kmsg 5,812,23170799,-;dmascope sync 4711-1          its echo
 *   tracing_mark_write: dmascope kmsg 3,813,24001234,-;DMAR: [DMA Write NO_PASID] Request device …
 * </pre>
 *
 * A marker is replaced by the fault that it carries, so that nothing is numbered anew. A fault of
 * several lines replaces its last one; for that, one relayed marker is held back until the next
 * event. The text reached the log after the sync marker was written, which bounds how much later
 * than the fault its marker can be.
 */
public final class RelayedFaults implements EventSink {
  /** Stands for the task of a fault that the rig relayed inside its stream. */
  static final String COMM = "kmsg";

  private static final String SYNC = "dmascope sync ";
  private static final String RELAY = "dmascope kmsg ";

  private final EventSink downstream;
  private final FaultParser parser = new FaultParser();
  private final Set<String> devicesWithFaultEvents = new HashSet<>();
  private Marker held;
  private Marker lastSync;
  private boolean clocksJoined;
  private long offsetNsMin;

  public RelayedFaults(EventSink downstream) {
    this.downstream = downstream;
  }

  @Override
  public void event(TraceEvent event) {
    if (event instanceof Marker marker && marker.text().startsWith(RELAY)) {
      relayed(marker);
      return;
    }
    release(parser.finish());
    if (event instanceof Marker marker && marker.text().startsWith(SYNC)) {
      lastSync = marker;
    } else if (event instanceof IoPageFault fault) {
      devicesWithFaultEvents.add(fault.device());
    }
    downstream.event(event);
  }

  @Override
  public void issue(TraceIssue issue) {
    downstream.issue(issue);
  }

  private void relayed(Marker marker) {
    String text = marker.text().substring(RELAY.length());
    KernelLogLine line = KernelLogLine.parse(marker.header().place(), text);
    Optional<FaultLine> fault = parser.accept(line);
    boolean onThisLine = fault.isPresent() && fault.get().place() == line.place();
    release(onThisLine ? Optional.empty() : fault);
    held = marker;
    if (onThisLine) {
      release(fault);
    }
    if (lastSync != null && line.text().equals(lastSync.text()) && line.stampNs().isPresent()) {
      offsetNsMin = lastSync.header().timestampNs() - line.stampNs().getAsLong();
      clocksJoined = true;
    }
  }

  /** Lets the held marker go, as what it turned out to be. */
  private void release(Optional<FaultLine> fault) {
    if (held == null) {
      return;
    }
    boolean known = fault.isPresent() && devicesWithFaultEvents.contains(fault.get().device());
    if (fault.isEmpty() || known) {
      downstream.event(held);
    } else {
      downstream.event(event(fault.get(), held.header()));
    }
    held = null;
  }

  private IoPageFault event(FaultLine fault, EventHeader at) {
    EventHeader header =
        new EventHeader(
            at.sequence(),
            at.timestampNs(),
            EventHeader.UNKNOWN,
            EventHeader.UNKNOWN,
            COMM,
            at.place());
    return DmesgMerger.event(fault, header, timeErrorNs(fault, at));
  }

  private long timeErrorNs(FaultLine fault, EventHeader at) {
    if (!clocksJoined || fault.stampNs().isEmpty()) {
      return IoPageFault.TIME_UNKNOWN;
    }
    long earliestNs = fault.stampNs().getAsLong() + offsetNsMin;
    return Math.max(at.timestampNs() - earliestNs, 0) + ClockJoin.ERROR_NS_MIN;
  }
}
