package io.dmascope.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Lets a command run until Ctrl-C or SIGTERM and then finish properly, with an exit status of its
 * own: to be told to end is how a live command ends, not how it fails.
 *
 * <p>A command that does not come to its end, because it waits for somebody, has its thread
 * interrupted after some seconds; if that does not help either, the process ends as if killed.
 */
final class UntilInterrupted implements AutoCloseable {
  /** Those who stop a process do not wait forever: ten seconds, in the case of a container. */
  private static final Duration FINISH_MAX = Duration.ofSeconds(7);

  private static final Duration GIVE_UP_MAX = Duration.ofSeconds(2);

  /** Whether the process is on its end, with the status of the signal unless it gives its own. */
  private static final AtomicBoolean ENDING = new AtomicBoolean();

  private final Thread command = Thread.currentThread();
  private final CountDownLatch interrupted = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean starting;
  private final Thread hook = new Thread(this::onShutdown, "dmascope-shutdown");

  /** To be made, and closed, by the thread that runs the command. */
  UntilInterrupted() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Ends the process with this status; never returns. */
  static void exit(int status) {
    if (ENDING.get()) {
      ExtractedLibraries.delete();
      Runtime.getRuntime().halt(status); // another exit would wait for the one that runs
    }
    System.exit(status);
  }

  /**
   * Begins the command's work, say by waiting for Kafka: there is nothing to finish yet, so the end
   * interrupts it at once.
   */
  <T> T start(Supplier<T> work) {
    starting = true;
    try {
      return work.get();
    } finally {
      starting = false;
    }
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
    ENDING.set(true);
    interrupted.countDown();
    try {
      if (starting) {
        command.interrupt();
      }
      if (!finished.await(FINISH_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        command.interrupt();
      }
      command.join(GIVE_UP_MAX); // it ends the process
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the process ends anyway
    }
  }
}
