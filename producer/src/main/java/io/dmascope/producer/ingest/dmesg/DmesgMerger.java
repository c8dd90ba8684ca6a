package io.dmascope.producer.ingest.dmesg;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.order.Resequencer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/**
 * Puts fault lines of the kernel log among the events of a capture, each before the first event
 * that is later, and numbers the events anew, densely. Memory is that of the faults.
 *
 * <p>Where the clocks could not be joined, the faults stand at the end, before {@code CaptureEnd},
 * with {@link IoPageFault#TIME_UNKNOWN}. Faults from before the first event or from after the last
 * belong to no event of this capture and are left out.
 */
final class DmesgMerger implements EventSink {
  /** A recording goes on for a while after its last event. */
  static final long AFTER_LAST_NS_MAX = 1_000_000_000;

  private record Placed(FaultLine fault, long timestampNs) {}

  private final EventSink downstream;
  private final ClockJoin join;
  private final Deque<Placed> placed = new ArrayDeque<>();
  private final Deque<FaultLine> unplaced = new ArrayDeque<>();
  private boolean started;
  private long lastTimestampNs;
  private long shift;

  /**
   * @param faults in the order of the log; those without a stamp go to the end
   */
  DmesgMerger(EventSink downstream, List<FaultLine> faults, ClockJoin join) {
    this.downstream = downstream;
    this.join = join;
    faults.stream()
        .filter(fault -> isPlaceable(fault.stampNs()))
        .map(fault -> new Placed(fault, fault.stampNs().orElseThrow() + join.offsetNs()))
        .sorted(Comparator.comparingLong(Placed::timestampNs))
        .forEach(placed::add);
    faults.stream().filter(fault -> !isPlaceable(fault.stampNs())).forEach(unplaced::add);
  }

  @Override
  public void event(TraceEvent event) {
    if (event instanceof CaptureEnd) {
      placeRemaining(event.header());
    } else if (!(event instanceof CaptureStart)) {
      placeBefore(event.header());
      lastTimestampNs = event.header().timestampNs();
    }
    long sequence = event.header().sequence() + shift;
    downstream.event(shift == 0 ? event : Resequencer.moved(event, sequence));
  }

  @Override
  public void issue(TraceIssue issue) {
    downstream.issue(issue);
  }

  private void placeBefore(EventHeader next) {
    if (!started) {
      started = true;
      long firstNs = next.timestampNs() - join.errorNs();
      while (!placed.isEmpty() && placed.getFirst().timestampNs() < firstNs) {
        placed.removeFirst();
      }
    }
    while (!placed.isEmpty() && placed.getFirst().timestampNs() < next.timestampNs()) {
      Placed fault = placed.removeFirst();
      push(fault.fault(), fault.timestampNs(), join.errorNs(), next.sequence());
    }
  }

  private void placeRemaining(EventHeader end) {
    long latestNs = lastTimestampNs + join.errorNs() + AFTER_LAST_NS_MAX;
    for (Placed fault : placed) {
      if (started && fault.timestampNs() <= latestNs) {
        push(fault.fault(), fault.timestampNs(), join.errorNs(), end.sequence());
      }
    }
    for (FaultLine fault : unplaced) {
      push(fault, lastTimestampNs, IoPageFault.TIME_UNKNOWN, end.sequence());
    }
  }

  private void push(FaultLine fault, long timestampNs, long timeErrorNs, long nextSequence) {
    EventHeader header =
        new EventHeader(
            nextSequence + shift,
            timestampNs,
            EventHeader.UNKNOWN,
            EventHeader.UNKNOWN,
            IoPageFault.KERNEL_LOG,
            fault.place());
    shift++;
    downstream.event(event(fault, header, timeErrorNs));
  }

  static IoPageFault event(FaultLine fault, EventHeader header, long timeErrorNs) {
    return new IoPageFault(
        header,
        fault.device(),
        fault.driver(),
        fault.iova(),
        fault.flags(),
        fault.accessKnown(),
        fault.write(),
        timeErrorNs);
  }

  private boolean isPlaceable(OptionalLong stampNs) {
    return join.known() && stampNs.isPresent();
  }
}
