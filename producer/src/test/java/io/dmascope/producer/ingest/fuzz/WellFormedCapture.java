package io.dmascope.producer.ingest.fuzz;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.JsonLinesPrinter;
import io.dmascope.producer.ingest.TraceReader;
import io.dmascope.producer.ingest.TracefsPrinter;
import io.dmascope.producer.ingest.UnusableInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Holds a reader to what every consumer of a capture relies on. */
public final class WellFormedCapture implements EventSink {
  private final TracefsPrinter lines = new TracefsPrinter();
  private final JsonLinesPrinter json = new JsonLinesPrinter();
  private long events;
  private long issues;
  private InputCounts counts;

  private WellFormedCapture() {}

  /** Opens a reader; a refusal in one sentence is as good as a capture. */
  @FunctionalInterface
  public interface Opening {
    TraceReader open() throws IOException;
  }

  /** Reads a capture whole and checks it; fails where it is not well-formed. */
  public static void check(Opening opening) {
    try {
      WellFormedCapture capture = new WellFormedCapture();
      opening.open().read(capture);
      capture.end();
    } catch (UnusableInputException refused) {
      require(!refused.getMessage().isEmpty(), "refused without a reason");
      require(refused.getMessage().indexOf('\n') < 0, "refused in more than a line");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void event(TraceEvent event) {
    require(counts == null, "an event after the end");
    require(event.header().sequence() == events++, "the sequence has a hole");
    require(event instanceof CaptureStart == (events == 1), "a capture begins with its start");
    Objects.requireNonNull(event.header().comm());
    require(!lines.line(event).isEmpty(), "an event prints as nothing");
    require(!json.line(event).isEmpty(), "an event has no JSON");
    if (event instanceof CaptureEnd end) {
      counts = end.input();
    }
  }

  @Override
  public void issue(TraceIssue issue) {
    issues++;
  }

  private void end() {
    require(counts != null, "a capture without an end");
    require(
        counts.decoded() + counts.skipped() + counts.issues() == counts.lines(),
        "the counts do not add up");
    require(counts.issues() <= issues, "an issue was not told");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }
}
