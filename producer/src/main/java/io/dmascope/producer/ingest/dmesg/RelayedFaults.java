package io.dmascope.producer.ingest.dmesg;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
    parser.finish(this::replaceHeld);
    release();
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
    // What ended before this line replaces the marker before; what is on it, this one.
    List<FaultLine> onThisLine = new ArrayList<>();
    parser.accept(
        line,
        fault -> {
          if (fault.place() == line.place()) {
            onThisLine.add(fault);
          } else {
            replaceHeld(fault);
          }
        });
    release();
    held = marker;
    onThisLine.forEach(this::replaceHeld);
    if (lastSync != null && line.text().equals(lastSync.text()) && line.stampNs().isPresent()) {
      offsetNsMin = lastSync.header().timestampNs() - line.stampNs().getAsLong();
      clocksJoined = true;
    }
  }

  /**
   * The held marker turned out to be a fault of a mapping, which the trace does not tell itself.
   */
  private void replaceHeld(FaultLine fault) {
    boolean wanted =
        held != null
            && fault.meaning() == FaultLine.Meaning.PAGE
            && !devicesWithFaultEvents.contains(fault.device());
    if (wanted) {
      downstream.event(event(fault, held.header()));
      held = null;
    }
  }

  /** Lets the held marker go as what it is. */
  private void release() {
    if (held != null) {
      downstream.event(held);
      held = null;
    }
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
