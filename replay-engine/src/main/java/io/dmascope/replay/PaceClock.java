package io.dmascope.replay;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Says when each event is due and measures how far the gaps between events are from those that were
 * recorded. Each capture has a clock of its own, which starts with its first event after the start.
 * Owned by one thread.
 */
final class PaceClock {
  private static final int BUCKET_NS = 10_000;
  private static final int BUCKETS = 100_000;

  private final Pace pace;
  private final LongSupplier nanoTime;
  private final Map<String, Hand> hands = new HashMap<>();

  /** Gaps by how far they were off, in 10 us; the last bucket has everything from one second on. */
  private final long[] gapsByError = new long[BUCKETS];

  private long gaps;

  /** Where one capture's clock stands. */
  private static final class Hand {
    private final long firstTimestampNs;
    private final long startedNs;
    private long lastTimestampNs;
    private long lastNs;

    Hand(long timestampNs, long nowNs) {
      firstTimestampNs = timestampNs;
      startedNs = nowNs;
      lastTimestampNs = timestampNs;
      lastNs = nowNs;
    }
  }

  PaceClock(Pace pace, LongSupplier nanoTime) {
    this.pace = pace;
    this.nanoTime = nanoTime;
  }

  /** How long to wait before the event is applied; 0 or less where it is due. */
  long untilDueNs(String captureId, long timestampNs) {
    long nowNs = nanoTime.getAsLong();
    Hand hand = hands.computeIfAbsent(captureId, _ -> new Hand(timestampNs, nowNs));
    return hand.startedNs + pace.replayedNs(timestampNs - hand.firstTimestampNs) - nowNs;
  }

  /** An event was applied just now. */
  void applied(String captureId, long timestampNs) {
    long nowNs = nanoTime.getAsLong();
    Hand hand = hands.get(captureId);
    // What was recorded out of order is applied at once: its gap is none.
    long recordedNs = Math.max(0, pace.replayedNs(timestampNs - hand.lastTimestampNs));
    long errorNs = Math.abs(nowNs - hand.lastNs - recordedNs);
    gapsByError[(int) Math.min(BUCKETS - 1, errorNs / BUCKET_NS)]++;
    gaps++;
    hand.lastTimestampNs = Math.max(hand.lastTimestampNs, timestampNs);
    hand.lastNs = nowNs;
  }

  /** The error that this part of the gaps does not exceed, in milliseconds; one second at most. */
  double errorMs(double part) {
    long wanted = (long) Math.ceil(part * gaps);
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += gapsByError[i];
      if (seen >= wanted) {
        return (i + 1) * BUCKET_NS / 1e6;
      }
    }
    return BUCKETS * BUCKET_NS / 1e6;
  }

  long gaps() {
    return gaps;
  }
}
