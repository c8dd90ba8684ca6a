package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.TraceEvent;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The ring buffer of the made-up machine: gives each event its stamp and its place in the sequence.
 *
 * <p>Stamps never repeat: one event after the other costs some hundreds of nanoseconds, as tracing
 * does.
 */
public final class Recorder /* hot path */ {
  private static final int EVENT_NS_MIN = 150;
  private static final int EVENT_NS_SPREAD = 512;

  private final Consumer<TraceEvent> out;
  private final Chance chance;
  private long sequence;
  private long nowNs;

  /**
   * Numbers events from {@code firstSequence} on.
   *
   * @param startNs stamp that all events lie behind
   */
  public Recorder(long firstSequence, long startNs, Chance chance, Consumer<TraceEvent> out) {
    this.sequence = firstSequence;
    this.nowNs = startNs;
    this.chance = chance;
    this.out = out;
  }

  /** The header of the event that happens now; it must be emitted before the next one is asked. */
  EventHeader header(Context at) {
    nowNs += EVENT_NS_MIN + chance.below(EVENT_NS_SPREAD);
    EventHeader header = new EventHeader(sequence, nowNs, at.cpu(), at.pid(), at.comm(), sequence);
    sequence++;
    return header;
  }

  /** Records the event and returns its sequence. */
  long emit(TraceEvent event) {
    out.accept(event);
    return event.header().sequence();
  }

  /** Records an event that is made for the header it is given; returns its sequence. */
  public long emit(Context at, Function<EventHeader, TraceEvent> event) {
    return emit(event.apply(header(at)));
  }

  /**
   * Writes text into the trace, stamped as if it were {@code backNs} ago: what a CPU's clock does
   * when it is set back. Returns the sequence.
   */
  public long mark(Context at, String text, long backNs) {
    EventHeader now = header(at);
    return emit(
        new Marker(
            new EventHeader(
                now.sequence(),
                now.timestampNs() - backNs,
                now.cpu(),
                now.pid(),
                now.comm(),
                now.place()),
            text));
  }

  /** Lets time pass until {@code timeNs}, if it has not passed already. */
  void waitUntil(long timeNs) {
    nowNs = Math.max(nowNs, timeNs);
  }

  public long nowNs() {
    return nowNs;
  }

  /** The sequence of the next event. */
  public long nextSequence() {
    return sequence;
  }
}
