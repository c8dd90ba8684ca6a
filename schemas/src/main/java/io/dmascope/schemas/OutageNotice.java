package io.dmascope.schemas;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says that Kafka does not answer, and that it answers again, without saying it all the time: the
 * first time after some seconds, since a broker that restarts is nothing to write about, then once
 * a minute. Thread-safe.
 */
public final class OutageNotice {
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private final Consumer<String> say;

  /* Guarded by this. */
  private boolean silent;
  private boolean said;
  private long silentSinceNs;
  private long sayAgainNs;

  /**
   * @param nanoTime a clock that only runs forward
   * @param say takes one sentence
   */
  public OutageNotice(LongSupplier nanoTime, Consumer<String> say) {
    this.nanoTime = nanoTime;
    this.say = say;
  }

  /**
   * Kafka did not answer this time; to be called again while it goes on.
   *
   * @param waiting what is held up by it, as the end of a sentence
   */
  public synchronized void silent(String waiting) {
    long nowNs = nanoTime.getAsLong();
    if (!silent) {
      silent = true;
      silentSinceNs = nowNs;
      sayAgainNs = nowNs + FIRST.toNanos();
    }
    if (nowNs - sayAgainNs >= 0) {
      said = true;
      sayAgainNs = nowNs + AGAIN.toNanos();
      say.accept("Kafka has not answered for %d s: %s".formatted(silentSeconds(nowNs), waiting));
    }
  }

  /** Kafka answered. */
  public synchronized void answered() {
    if (said) {
      say.accept("Kafka answers again after %d s".formatted(silentSeconds(nanoTime.getAsLong())));
    }
    silent = false;
    said = false;
  }

  private long silentSeconds(long nowNs) {
    return Duration.ofNanos(nowNs - silentSinceNs).toSeconds();
  }
}
