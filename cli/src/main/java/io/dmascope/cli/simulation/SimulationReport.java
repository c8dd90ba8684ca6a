package io.dmascope.cli.simulation;

import io.dmascope.producer.synthetic.profile.Profile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/**
 * Runs many seeds and prints what came of them: each failure with the command that repeats it, and
 * a table of rules. What is printed does not depend on how many run at once.
 */
public final class SimulationReport {
  /** Failing seeds that are told of; one mistake makes many fail. */
  private static final int FAILURES_SHOWN_MAX = 20;

  private static final int SHRUNK_MAX = 5;

  private final PrintWriter out;
  private final Optional<Profile> profile;
  private final Path directory;
  private final Simulation simulation;
  private final RuleTally tally = new RuleTally();
  private long passed;
  private long failed;
  private long events;

  /**
   * @param canary whether the truth is falsified
   * @param directory where short traces of failing seeds are written
   */
  public SimulationReport(
      PrintWriter out, Optional<Profile> profile, boolean canary, Path directory) {
    this.out = out;
    this.profile = profile;
    this.directory = directory;
    this.simulation = new Simulation(profile, canary);
  }

  /**
   * Runs seeds {@code first} to {@code first + count - 1}; returns whether all passed.
   *
   * @param progress told how many are done
   */
  public boolean run(long first, int count, int threads, LongConsumer progress) {
    Deque<Future<Simulation.Outcome>> running = new ArrayDeque<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      long next = first;
      for (int done = 0; done < count; done++) {
        while (next < first + count && running.size() < 4 * threads) {
          long seed = next++;
          running.add(pool.submit(() -> simulation.run(seed)));
        }
        take(running.remove());
        progress.accept(done + 1L);
      }
    }
    table();
    return failed == 0;
  }

  private void take(Future<Simulation.Outcome> future) {
    Simulation.Outcome outcome;
    try {
      outcome = future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a simulation gave up", e.getCause());
    }
    tally.add(outcome.tally());
    events += outcome.capture() == null ? 0 : outcome.capture().recorded().size();
    if (outcome.passed()) {
      passed++;
    } else if (++failed <= FAILURES_SHOWN_MAX) {
      tell(outcome);
    }
  }

  private void tell(Simulation.Outcome outcome) {
    out.println("seed " + outcome.seed() + " failed:");
    outcome.failures().stream().limit(3).forEach(f -> out.println("  " + f.describe()));
    if (outcome.failures().size() > 3) {
      out.println("  and %d more".formatted(outcome.failures().size() - 3));
    }
    if (outcome.capture() != null) {
      out.println("  machine: " + outcome.capture().describe());
      if (failed <= SHRUNK_MAX) {
        new Shrinker(outcome.capture(), outcome.failures().getFirst())
            .writeTo(directory)
            .ifPresent(file -> out.println("  short trace: " + file));
      }
    }
    out.println(
        "  again: dmascope simulate --seed %d --seeds 1%s"
            .formatted(outcome.seed(), profile.map(p -> " --profile " + p.key()).orElse("")));
    out.flush();
  }

  private void table() {
    out.println("%,d seeds passed, %,d failed; %,d events".formatted(passed, failed, events));
    out.println();
    out.println("| rule | injected | CERTAIN | SUSPECT | hidden | missed | false | explained |");
    out.println("|---|---:|---:|---:|---:|---:|---:|---:|");
    RuleTally.Counts all = new RuleTally.Counts();
    for (Map.Entry<String, RuleTally.Counts> rule : tally.rules().entrySet()) {
      row(rule.getKey(), rule.getValue());
      all.add(rule.getValue());
    }
    row("all", all);
    out.flush();
  }

  private void row(String name, RuleTally.Counts c) {
    out.println(
        "| %s | %d | %d | %d | %d | %d | %d | %d |"
            .formatted(
                name, c.injected, c.certain, c.suspect, c.hidden, c.missed, c.wrong, c.explained));
  }
}
