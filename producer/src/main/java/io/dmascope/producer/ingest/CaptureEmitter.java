package io.dmascope.producer.ingest;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import java.nio.charset.StandardCharsets;

/**
 * The way out of every reader: gives events their place in the capture's sequence, and sees to it
 * that a capture begins and ends as {@link EventSink} promises.
 */
/* hot path */
public final class CaptureEmitter {
  private final EventSink sink;
  private long nextSequence;
  private long lastTimestampNs;
  private long lost;
  private long issues;

  /** Emits into {@code sink}, beginning with the {@code CaptureStart}. */
  public CaptureEmitter(EventSink sink, CaptureFacts facts) {
    this.sink = sink;
    sink.event(new CaptureStart(header(0, EventHeader.UNKNOWN, EventHeader.UNKNOWN, "", 0), facts));
  }

  /** Returns the header of the next event; every header made must be emitted. */
  public EventHeader header(long timestampNs, int cpu, int pid, String comm, long place) {
    lastTimestampNs = timestampNs;
    return new EventHeader(nextSequence++, timestampNs, cpu, pid, comm, place);
  }

  public void emit(TraceEvent event) {
    sink.event(event);
  }

  /**
   * Emits that events are missing here.
   *
   * @param cpu the CPU that lost them, or {@link EventHeader#UNKNOWN} for all
   * @param count how many, or {@link EventsLost#COUNT_UNKNOWN}
   */
  public void lost(int cpu, long count, EventsLost.Cause cause, long place) {
    if (cause == EventsLost.Cause.OVERRUN) {
      // An unknown number is at least one.
      lost += Math.max(1, count);
    }
    EventHeader header = header(lastTimestampNs, cpu, EventHeader.UNKNOWN, "", place);
    sink.event(new EventsLost(header, count, cause));
  }

  /**
   * Reports trouble at a place.
   *
   * @param bytes holds the offending input in {@code [from, to)}
   */
  public void issue(
      TraceIssue.Kind kind, long place, String message, byte[] bytes, int from, int to) {
    issues++;
    sink.issue(new TraceIssue(kind, place, message, excerpt(bytes, from, to)));
  }

  /** Events that the recording itself said it lost. */
  public long lost() {
    return lost;
  }

  /** Issues reported so far. */
  public long issues() {
    return issues;
  }

  /** Emits the {@code CaptureEnd}. */
  public void end(InputCounts counts, long place) {
    EventHeader header =
        header(lastTimestampNs, EventHeader.UNKNOWN, EventHeader.UNKNOWN, "", place);
    sink.event(new CaptureEnd(header, counts));
  }

  /** The input as one line of printable characters, cut to the issue's limit. */
  private static String excerpt(byte[] bytes, int from, int to) {
    int end = Math.min(to, from + TraceIssue.EXCERPT_CHARS_MAX);
    String text = new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
    StringBuilder printable = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      printable.append(c >= ' ' && c < 0x7f ? c : '.');
    }
    return printable.toString();
  }
}
