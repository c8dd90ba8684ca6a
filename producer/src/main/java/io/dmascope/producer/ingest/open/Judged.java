package io.dmascope.producer.ingest.open;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.UnusableInputException;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Refuses a capture of which nothing or almost nothing could be read: no finding in it would mean
 * nothing. The sentence names the likely cause and what helps.
 */
/* hot path */
public final class Judged implements EventSink {
  /** Unreadable lines for each that was read, from which on a capture is as good as unread. */
  private static final int UNREADABLE_FOR_ONE = 10;

  /** Trace options raw, hex and bin: {@code 340 2 125246093082 type: 381}. */
  private static final Pattern RAW = Pattern.compile(".*\\btype: \\d+.*");

  private static final String HASHED = "(____ptrval____)";
  private static final String TO_RECORD =
      "record dma:*, iommu:*, swiotlb:* and dma_buf:*, e.g. `trace-cmd record -e dma -e iommu -e"
          + " swiotlb -e dma_buf`, or with capture/dmascope-capture";

  private final EventSink sink;
  private boolean told;
  private long markers;
  private long losses;
  private CaptureEnd end;

  private long issues;
  private long raw;
  private long hashed;
  private long malformed;
  private long continuations;
  private long lastMalformed = -1;
  private TraceIssue first;

  private Judged(EventSink sink) {
    this.sink = sink;
  }

  /**
   * Reads a capture to its end.
   *
   * @throws UnusableInputException in place of the capture's end, where it told next to nothing
   */
  public static void read(Capture capture, EventSink sink) throws IOException {
    Judged judged = new Judged(sink);
    capture.read(judged);
    judged.finish(capture);
  }

  @Override
  public void event(TraceEvent event) {
    if (!told) {
      look(event);
    }
    if (event instanceof CaptureEnd last) {
      end = last;
    } else {
      sink.event(event);
    }
  }

  private void look(TraceEvent event) {
    switch (event) {
      case CaptureStart _, CaptureEnd _ -> {}
      case Marker _ -> markers++;
      case EventsLost _ -> losses++;
      default -> told = true;
    }
  }

  @Override
  public void issue(TraceIssue issue) {
    issues++;
    first = first == null ? issue : first;
    String excerpt = issue.excerpt();
    raw += RAW.matcher(excerpt).matches() ? 1 : 0;
    hashed += excerpt.contains(HASHED) ? 1 : 0;
    if (issue.kind() == TraceIssue.Kind.MALFORMED_EVENT) {
      malformed++;
      lastMalformed = issue.place();
    } else if (issue.place() == lastMalformed + 1) {
      continuations++;
    }
    sink.issue(issue);
  }

  private void finish(Capture capture) throws UnusableInputException {
    if (end == null) {
      return;
    }
    InputCounts counts = end.input();
    boolean almostNothing = counts.issues() > UNREADABLE_FOR_ONE * counts.decoded();
    if (!told || almostNothing) {
      throw new UnusableInputException(
          CaptureSource.describe(capture.name()) + " " + reason(capture, counts));
    }
    sink.event(end);
  }

  private String reason(Capture capture, InputCounts counts) {
    if (issues > 0) {
      return "could not be read: %s (%,d of %,d lines or records unreadable)"
          .formatted(cause(capture.tracer()), issues, counts.lines());
    }
    if (counts.events() > markers) {
      return "holds %,d events and none of them is of the DMA API or an IOMMU%s: %s"
          .formatted(counts.events(), tracedBy(capture.tracer()), TO_RECORD);
    }
    String held = losses > 0 ? "holds no event, only losses" : "holds no event";
    return held + tracedBy(capture.tracer()) + ": " + TO_RECORD;
  }

  private String cause(String tracer) {
    if (2 * raw > issues) {
      return "the trace options raw, hex or bin print numbers in place of events; read `trace`"
          + " again after `echo noraw > trace_options`, nohex and nobin likewise";
    }
    if (2 * hashed > issues) {
      return "addresses are hashed; read `trace` again after `echo nohash-ptr > trace_options`";
    }
    if (tracer.equals("function_graph")) {
      return "the tracer function_graph hides the events; `echo nop > current_tracer` before"
          + " recording, or the trace options funcgraph-abstime and funcgraph-proc";
    }
    if (malformed > 0 && 2 * continuations >= malformed) {
      return "a mail program or a terminal seems to have wrapped its lines; attach the file"
          + " instead";
    }
    if (!tracer.isEmpty() && !tracer.equals("nop")) {
      return "its tracer is %s; `echo nop > current_tracer` and %s".formatted(tracer, TO_RECORD);
    }
    return "line %d, for one: %s".formatted(first.place(), first.message());
  }

  private static String tracedBy(String tracer) {
    return tracer.isEmpty() || tracer.equals("nop") ? "" : " (its tracer is " + tracer + ")";
  }
}
