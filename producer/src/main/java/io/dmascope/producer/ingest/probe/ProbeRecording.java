package io.dmascope.producer.ingest.probe;

import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.TraceIssue;
import io.dmascope.producer.ingest.EventSink;
import io.dmascope.producer.ingest.TraceReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The probe events of a recording, one after the other: a reader pushes, and this pulls. A thread
 * of its own reads ahead by a few batches and no more. Owned by one thread; close it, also where it
 * was not read to its end.
 */
final class ProbeRecording implements Closeable {
  private static final int BATCH = 256;
  private static final int BATCHES_MAX = 16;

  /** A recorder may drain the buffers of its CPUs in turn: so many events are put in order. */
  static final int WINDOW = 4096;

  /** An event, or an issue of the recording's reader. */
  sealed interface Item {}

  record Fact(TraceEvent event) implements Item {
    private long timestampNs() {
      return event.header().timestampNs();
    }

    private long sequence() {
      return event.header().sequence();
    }
  }

  record Trouble(TraceIssue issue) implements Item {}

  private final BlockingQueue<List<Item>> batches = new ArrayBlockingQueue<>(BATCHES_MAX);
  private final TraceReader reader;
  private final Thread thread;
  private final PriorityQueue<Fact> window =
      new PriorityQueue<>(
          Comparator.comparingLong(Fact::timestampNs).thenComparingLong(Fact::sequence));
  private Optional<Item> head = Optional.empty();
  private List<Item> batch = List.of();
  private int next;
  private boolean ended;
  // Written before the last batch is put, read after it was taken: the queue orders the two.
  private IOException failure;
  private RuntimeException defect;

  ProbeRecording(TraceReader reader) {
    this.reader = reader;
    this.thread = Thread.ofPlatform().daemon().name("dmascope-probes").start(this::read);
  }

  /** The next item, which stays the next; empty at the end. */
  Optional<Item> peek() throws IOException {
    while (head.isEmpty() && !ended && window.size() < WINDOW) {
      Optional<Item> read = nextRead();
      ended = read.isEmpty();
      if (read.orElse(null) instanceof Fact fact) {
        window.add(fact);
      } else {
        head = read;
      }
    }
    if (head.isEmpty()) {
      head = Optional.ofNullable(window.poll());
    }
    return head;
  }

  /** Passes over the item that {@link #peek} told. */
  void advance() {
    head = Optional.empty();
  }

  /** The next item as it stands in the recording; empty at its end. */
  private Optional<Item> nextRead() throws IOException {
    if (next == batch.size()) {
      next = 0;
      batch = nextBatch();
    }
    if (!batch.isEmpty()) {
      return Optional.of(batch.get(next++));
    }
    if (failure != null) {
      throw failure;
    }
    if (defect != null) {
      throw defect;
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private List<Item> nextBatch() throws IOException {
    try {
      return batches.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading a probe recording", e);
    }
  }

  private void read() {
    Batching sink = new Batching();
    try {
      try {
        reader.read(sink);
      } catch (IOException e) {
        failure = e; // thrown again by peek, on the thread that asks
      } catch (RuntimeException e) {
        defect = e;
      }
      sink.handOver();
      batches.put(List.of());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed: nobody takes any more
    }
  }

  private final class Batching implements EventSink {
    private List<Item> items = new ArrayList<>(BATCH);

    @Override
    public void event(TraceEvent event) {
      // Whatever else is in it belongs to a trace, and the capture is one.
      if (event instanceof ProbeEvent || event instanceof EventsLost) {
        add(new Fact(event));
      }
    }

    @Override
    public void issue(TraceIssue issue) {
      add(new Trouble(issue));
    }

    private void add(Item item) {
      items.add(item);
      if (items.size() == BATCH) {
        try {
          handOver();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("nobody takes probe events any more", e);
        }
      }
    }

    private void handOver() throws InterruptedException {
      if (!items.isEmpty()) {
        batches.put(items);
        items = new ArrayList<>(BATCH);
      }
    }
  }
}
