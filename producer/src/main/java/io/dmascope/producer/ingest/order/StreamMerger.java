package io.dmascope.producer.ingest.order;

import java.util.List;
import java.util.function.Consumer;

/* hot path */
/**
 * Merges streams by stamp, holding one record of each.
 *
 * <p>Equal stamps are ordered by the position of their stream in the list: with one stream a CPU in
 * CPU order this is the order of the kernel's own {@code trace} file, which takes the first CPU
 * among equals (kernel/trace/trace.c __find_next_entry()). Records of one stream are never
 * reordered, also where their stamps go back.
 *
 * @param <S> the kind of stream
 */
public final class StreamMerger<S extends TimedStream> {
  private final List<S> streams;
  private final Consumer<S> onEnd;
  // A binary heap of stream positions; the stamps lie beside it so that a comparison stays in one
  // array.
  private final int[] heap;
  private final long[] stamps;
  private int size;
  private boolean started;

  /**
   * @param streams in the order that breaks ties
   * @param onEnd told of each stream that has ended
   */
  public StreamMerger(List<S> streams, Consumer<S> onEnd) {
    this.streams = List.copyOf(streams);
    this.onEnd = onEnd;
    this.heap = new int[streams.size()];
    this.stamps = new long[streams.size()];
  }

  /** Returns the stream whose current record is the next of all, or null when all have ended. */
  public S next() {
    if (started) {
      refill(heap[0]);
    } else {
      start();
    }
    return size == 0 ? null : streams.get(heap[0]);
  }

  private void start() {
    started = true;
    for (int i = 0; i < streams.size(); i++) {
      S stream = streams.get(i);
      if (stream.advance()) {
        stamps[i] = stream.stamp();
        heap[size] = i;
        siftUp(size++);
      } else {
        onEnd.accept(stream);
      }
    }
  }

  private void refill(int position) {
    if (size == 0) {
      return;
    }
    S stream = streams.get(position);
    if (stream.advance()) {
      stamps[position] = stream.stamp();
    } else {
      onEnd.accept(stream);
      heap[0] = heap[--size];
    }
    siftDown();
  }

  private void siftUp(int index) {
    int moving = heap[index];
    int at = index;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (!before(moving, heap[parent])) {
        break;
      }
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = moving;
  }

  private void siftDown() {
    int moving = heap[0];
    int at = 0;
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && before(heap[child + 1], heap[child])) {
        child++;
      }
      if (!before(heap[child], moving)) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = moving;
  }

  private boolean before(int left, int right) {
    int byStamp = Long.compareUnsigned(stamps[left], stamps[right]);
    return byStamp < 0 || (byStamp == 0 && left < right);
  }
}
