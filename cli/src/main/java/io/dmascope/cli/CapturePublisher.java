package io.dmascope.cli;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.rig.RigCapture;
import io.dmascope.producer.publish.PublishCounts;
import io.dmascope.producer.publish.TracePublisher;
import java.io.IOException;
import java.util.function.LongConsumer;

/** Reads a capture and publishes it, on one thread: a live source is not held back by batches. */
final class CapturePublisher {
  private final TracePublisher publisher;

  CapturePublisher(TracePublisher publisher) {
    this.publisher = publisher;
  }

  /** Opens the capture that is to be published. */
  @FunctionalInterface
  interface Opening {
    RigCapture open() throws IOException;
  }

  /** What one capture came to. */
  record Published(long events, long skippedEvents, long records, long bytes, double seconds) {
    double eventsPerSecond() {
      return events / seconds;
    }
  }

  /**
   * Returns once Kafka has stored the whole capture.
   *
   * @param progress told the number of events, now and then
   */
  Published publish(Opening opening, IssueLog issues, LongConsumer progress) throws IOException {
    PublishCounts before = publisher.counts();
    long startNs = System.nanoTime();
    try (RigCapture capture = opening.open()) {
      capture.read(new Forwarding(issues, progress));
      publisher.flush();
    } finally {
      issues.finish();
    }
    PublishCounts after = publisher.counts();
    return new Published(
        after.events() - before.events(),
        after.skippedEvents() - before.skippedEvents(),
        after.records() - before.records(),
        after.bytes() - before.bytes(),
        (System.nanoTime() - startNs) / 1e9);
  }

  private final class Forwarding implements EventSink {
    /** A quiet rig sends a few events a second. */
    private static final int PROGRESS_EVERY = 1 << 4;

    private final IssueLog issues;
    private final LongConsumer progress;
    private long events;

    Forwarding(IssueLog issues, LongConsumer progress) {
      this.issues = issues;
      this.progress = progress;
    }

    @Override
    public void event(TraceEvent event) {
      publisher.event(event);
      events++;
      if (events % PROGRESS_EVERY == 0) {
        progress.accept(events);
      }
    }

    @Override
    public void issue(TraceIssue issue) {
      issues.issue(issue);
      publisher.issue(issue);
    }
  }
}
