package io.dmascope.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command run until Ctrl-C or SIGTERM and then finish properly: the process ends once {@link
 * #close} was called, or after {@link #FINISH_MAX}.
 */
final class UntilInterrupted implements AutoCloseable {
  private static final Duration FINISH_MAX = Duration.ofSeconds(40);

  private final CountDownLatch interrupted = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::onShutdown, "dmascope-shutdown");

  UntilInterrupted() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Waits; returns true once the command has to come to its end. */
  boolean within(Duration time) {
    try {
      return interrupted.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public void close() {
    finished.countDown();
    if (interrupted.getCount() > 0) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  private void onShutdown() {
    interrupted.countDown();
    try {
      finished.await(FINISH_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the process ends anyway
    }
  }
}
