package io.dmascope.producer.ingest.probe;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.order.Resequencer;
import io.dmascope.producer.ingest.probe.ProbeRecording.Fact;
import io.dmascope.producer.ingest.probe.ProbeRecording.Item;
import io.dmascope.producer.ingest.probe.ProbeRecording.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Puts the events of a probe recording among those of a capture, each before the first event that
 * is later, and numbers all of them anew, densely. The two have one clock.
 *
 * <p>A text trace has its stamps rounded to microseconds (kernel/trace/trace_output.c), so those of
 * the recorder are rounded likewise before they are compared; of two at one moment the trace's
 * event comes first, since a probe fires on what the event told of.
 */
final class ProbeMerger implements EventSink {
  private static final long NS_PER_US = 1000;

  private final EventSink downstream;
  private final ProbeRecording recording;
  private final String clock;
  private long shift;

  /**
   * @param clock the trace clock, where the capture itself does not tell it; may be empty
   */
  ProbeMerger(EventSink downstream, ProbeRecording recording, String clock) {
    this.downstream = downstream;
    this.recording = recording;
    this.clock = clock;
  }

  @Override
  public void event(TraceEvent event) {
    try {
      if (event instanceof CaptureStart start) {
        refuseAnotherClock(start);
      } else {
        placeBefore(event);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long sequence = event.header().sequence() + shift;
    downstream.event(shift == 0 ? event : Resequencer.moved(event, sequence));
  }

  @Override
  public void issue(TraceIssue issue) {
    downstream.issue(issue);
  }

  /** Stamps of two clocks say nothing about each other. */
  private void refuseAnotherClock(CaptureStart start) throws IOException {
    String traces = start.facts().clock().isEmpty() ? clock : start.facts().clock();
    boolean differs =
        recording.peek().orElse(null) instanceof Fact(ProbeEvent.Probes probes)
            && !probes.clock().isEmpty()
            && !traces.isEmpty()
            && !probes.clock().equals(traces);
    if (differs) {
      int left = 0;
      while (recording.peek().isPresent()) {
        recording.advance();
        left++;
      }
      String message =
          "%d probe events have another clock than the trace, and are left out".formatted(left);
      downstream.issue(new TraceIssue(TraceIssue.Kind.COMPANION, 0, message, ""));
    }
  }

  private void placeBefore(TraceEvent next) throws IOException {
    for (Optional<Item> item = recording.peek(); item.isPresent(); item = recording.peek()) {
      switch (item.get()) {
        case Fact(TraceEvent event) -> {
          if (!isBefore(event, next)) {
            return;
          }
          downstream.event(placed(event, next.header().sequence() + shift));
          shift++;
        }
        case Trouble(TraceIssue issue) -> downstream.issue(inRecording(issue));
      }
      recording.advance();
    }
  }

  private static boolean isBefore(TraceEvent probe, TraceEvent next) {
    long nextNs = next.header().timestampNs();
    long probeNs = probe.header().timestampNs();
    boolean rounded = nextNs % NS_PER_US == 0;
    long comparedNs = rounded ? (probeNs + NS_PER_US / 2) / NS_PER_US * NS_PER_US : probeNs;
    return next instanceof CaptureEnd || comparedNs < nextNs;
  }

  /** The line is told from the capture's by its sign; see {@link EventHeader#place()}. */
  private static TraceEvent placed(TraceEvent event, long sequence) {
    EventHeader old = event.header();
    return Resequencer.under(
        event,
        new EventHeader(
            sequence, old.timestampNs(), old.cpu(), old.pid(), old.comm(), -old.place()));
  }

  private static TraceIssue inRecording(TraceIssue issue) {
    return new TraceIssue(
        TraceIssue.Kind.COMPANION,
        0,
        "line %d of the probe recording: %s".formatted(issue.place(), issue.message()),
        issue.excerpt());
  }
}
