package io.dmascope.producer.publish;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Holds many sources together to one rate. What could not be sent in time is not made up for by
 * more than a moment: a load is steady, or it says that it cannot be.
 */
public final class Pacer {
  private static final long CATCH_UP_NS = 100_000_000;

  private final double nsAnEvent;
  private final AtomicLong nextNs = new AtomicLong(System.nanoTime());

  /**
   * @param eventsPerSecond of all sources together; 0 for as fast as it goes
   */
  public Pacer(long eventsPerSecond) {
    this.nsAnEvent = eventsPerSecond == 0 ? 0 : 1e9 / eventsPerSecond;
  }

  /** Waits until so many events may go. */
  public void take(int events) throws InterruptedException {
    if (nsAnEvent == 0) {
      return;
    }
    long now = System.nanoTime();
    long span = (long) (events * nsAnEvent);
    long due = nextNs.updateAndGet(next -> Math.max(next, now - CATCH_UP_NS) + span) - span;
    if (due > now) {
      TimeUnit.NANOSECONDS.sleep(due - now);
    }
  }
}
