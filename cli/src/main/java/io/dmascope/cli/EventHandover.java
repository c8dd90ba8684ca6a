package io.dmascope.cli;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.TraceReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * Reads a capture on a thread of its own and hands the events over in batches, in their order.
 *
 * <p>Reading and judging cost about the same, so two processors do in the time of one. What is
 * handed over, and in which order, does not depend on the threads.
 */
final class EventHandover {
  private static final int BATCH_EVENTS = 512;
  private static final int BATCHES_MAX = 16;

  private final BlockingQueue<List<TraceEvent>> batches = new ArrayBlockingQueue<>(BATCHES_MAX);
  private final TraceReader reader;
  private final Consumer<TraceIssue> issues;
  private final Thread thread;
  // Written before the last batch is put, read after it was taken: the queue orders the two.
  private Throwable failure;

  /**
   * @param issues called on the reading thread
   */
  EventHandover(TraceReader reader, Consumer<TraceIssue> issues) {
    this.reader = reader;
    this.issues = issues;
    this.thread = Thread.ofPlatform().daemon().name("dmascope-reader").unstarted(this::read);
  }

  /**
   * Gives every event of the capture to {@code consumer}, on the calling thread.
   *
   * @throws IOException what the reader threw
   */
  void forEach(Consumer<TraceEvent> consumer) throws IOException {
    thread.start();
    try {
      for (List<TraceEvent> batch = batches.take(); !batch.isEmpty(); batch = batches.take()) {
        batch.forEach(consumer);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", e);
    } finally {
      thread.interrupt();
    }
    switch (failure) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
  }

  private void read() {
    Batching sink = new Batching();
    try {
      try {
        reader.read(sink);
      } catch (IOException | RuntimeException | Error e) {
        failure = e; // thrown again by forEach, on the thread that asked
      }
      sink.handOver();
      batches.put(List.of());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // forEach has ended and takes no more
    }
  }

  private final class Batching implements EventSink {
    private List<TraceEvent> batch = new ArrayList<>(BATCH_EVENTS);

    @Override
    public void event(TraceEvent event) {
      batch.add(event);
      if (batch.size() == BATCH_EVENTS) {
        try {
          handOver();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("nobody takes events any more", e);
        }
      }
    }

    @Override
    public void issue(TraceIssue issue) {
      issues.accept(issue);
    }

    private void handOver() throws InterruptedException {
      if (!batch.isEmpty()) {
        batches.put(batch);
        batch = new ArrayList<>(BATCH_EVENTS);
      }
    }
  }
}
