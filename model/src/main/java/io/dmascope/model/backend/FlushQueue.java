package io.dmascope.model.backend;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Where unmapped addresses of a lazy domain wait until the IOTLB has forgotten them: one ring a
 * CPU, flushed when full or when a timer fires (drivers/iommu/dma-iommu.c queue_iova(), fq_full()).
 *
 * <p>An entry leaves when a flush that began after it was queued has ended. Until then the device
 * can still reach the old memory through it: that is the stale window.
 */
public final class FlushQueue {

  /** Receives what leaves the queue. */
  @FunctionalInterface
  public interface Sink {
    void free(long iova, long sizeBytes, Moment moment);
  }

  private record Entry(long iova, long sizeBytes, long counter, long queuedAtNs) {}

  private final List<Deque<Entry>> rings = new ArrayList<>();
  private final int capacity;
  private final long timeoutNs;
  private final boolean timed;
  private final Sink sink;
  private long flushes;
  private long timerAtNs = Long.MAX_VALUE;
  private int timerCpu;
  private long staleNsMax;
  private long staleNsTotal;
  private long left;

  /** A queue for a lazy policy on that many CPUs. */
  public FlushQueue(IommuParameters.FlushPolicy policy, int cpus, Sink sink) {
    this(policy, cpus, sink, true);
  }

  /** A queue whose timer never fires: flushes are observed, or caused by a full ring. */
  public static FlushQueue untimed(IommuParameters.FlushPolicy policy, int cpus, Sink sink) {
    return new FlushQueue(policy, cpus, sink, false);
  }

  private FlushQueue(IommuParameters.FlushPolicy policy, int cpus, Sink sink, boolean timed) {
    boolean single = policy == IommuParameters.FlushPolicy.LAZY_SINGLE_QUEUE;
    for (int i = 0; i < (single ? 1 : cpus); i++) {
      rings.add(new ArrayDeque<>());
    }
    // The ring keeps one place free to tell full from empty.
    this.capacity = (single ? 32768 : 256) - 1;
    this.timeoutNs = single ? 1_000_000_000 : 10_000_000;
    this.timed = timed;
    this.sink = sink;
  }

  /** Queues an unmapped range; returns how many flushes of the whole domain that caused. */
  public int queue(long iova, long sizeBytes, Moment moment) {
    int caused = tick(moment.timestampNs());
    Deque<Entry> ring = rings.get(Math.floorMod(moment.cpu(), rings.size()));
    release(ring, moment);
    if (ring.size() == capacity) {
      flushes++;
      caused++;
      release(ring, moment);
    }
    ring.add(new Entry(iova, sizeBytes, flushes, moment.timestampNs()));
    if (timed && timerAtNs == Long.MAX_VALUE) {
      timerAtNs = moment.timestampNs() + timeoutNs;
      timerCpu = moment.cpu();
    }
    return caused;
  }

  /** Lets time pass; returns 1 where the timer fired and flushed, else 0. */
  public int tick(long nowNs) {
    if (nowNs < timerAtNs) {
      return 0;
    }
    Moment fired = new Moment(timerAtNs, timerCpu);
    timerAtNs = Long.MAX_VALUE;
    flushes++;
    for (Deque<Entry> ring : rings) {
      release(ring, fired);
    }
    return 1;
  }

  /**
   * Learns that a queued address was free by now: a flush that nobody traced has ended, and what
   * was queued shortly before it came free with it, on the same CPU. Returns false where the
   * address is not queued.
   */
  public boolean observeFree(long iova, Moment moment) {
    for (Deque<Entry> ring : rings) {
      for (Entry entry : ring) {
        if (entry.iova() == iova) {
          flushes++;
          flushed(entry.queuedAtNs(), moment);
          return true;
        }
      }
    }
    return false;
  }

  private void flushed(long untilNs, Moment moment) {
    for (Deque<Entry> ring : rings) {
      for (Iterator<Entry> it = ring.iterator(); it.hasNext(); ) {
        Entry entry = it.next();
        if (entry.queuedAtNs() <= untilNs && entry.queuedAtNs() > untilNs - 2 * timeoutNs) {
          it.remove();
          leave(entry, moment);
        }
      }
    }
  }

  /** Forgets what is queued without giving it back. */
  public void forget() {
    rings.forEach(Deque::clear);
    timerAtNs = Long.MAX_VALUE;
  }

  /** Entries queued and not yet free. */
  public int pending() {
    return rings.stream().mapToInt(Deque::size).sum();
  }

  /** The longest that an unmapped range stayed reachable, in nanoseconds. */
  public long staleNsMax() {
    return staleNsMax;
  }

  /** The mean time that an unmapped range stayed reachable, in nanoseconds; 0 before any left. */
  public long staleNsMean() {
    return left == 0 ? 0 : staleNsTotal / left;
  }

  private void release(Deque<Entry> ring, Moment moment) {
    while (!ring.isEmpty() && ring.peek().counter() < flushes) {
      leave(ring.remove(), moment);
    }
  }

  private void leave(Entry entry, Moment moment) {
    long stale = moment.timestampNs() - entry.queuedAtNs();
    staleNsMax = Math.max(staleNsMax, stale);
    staleNsTotal += stale;
    left++;
    sink.free(entry.iova(), entry.sizeBytes(), moment);
  }
}
