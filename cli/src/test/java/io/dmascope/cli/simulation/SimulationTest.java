package io.dmascope.cli.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.TraceEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few seeds of the hunt; {@code dmascope simulate} runs as many as one likes. */
class SimulationTest {
  private static final int SEEDS = 150;
  private static final long FIRST_SEED = Long.getLong("seed", 1);

  @TempDir private Path directory;

  @Test
  void everySeed_givesExactlyWhatWasInjected() {
    StringWriter said = new StringWriter();
    boolean passed = report(said, false).run(FIRST_SEED, SEEDS, 2, done -> {});
    assertThat(passed).as(said.toString()).isTrue();
  }

  @Test
  void canary_failsBecauseItsTruthIsFalse() {
    StringWriter said = new StringWriter();
    assertThat(report(said, true).run(1, 20, 2, done -> {})).isFalse();
    assertThat(said.toString()).contains("again: dmascope simulate --seed ");
  }

  @Test
  void whatIsSaid_doesNotDependOnHowManyRunAtOnce() {
    StringWriter alone = new StringWriter();
    report(alone, true).run(1, 12, 1, done -> {});
    StringWriter together = new StringWriter();
    report(together, true).run(1, 12, 4, done -> {});
    assertThat(together.toString()).isEqualTo(alone.toString());
  }

  @Test
  void aFailure_isShrunkToWhatItNeeds() {
    Simulation.Outcome failed = firstFailureOfTheCanary();
    List<TraceEvent> shrunk = new Shrinker(failed.capture(), failed.failures().getFirst()).shrunk();
    assertThat(shrunk).hasSizeLessThan(20);
  }

  private static Simulation.Outcome firstFailureOfTheCanary() {
    Simulation canary = new Simulation(Optional.empty(), true);
    for (long seed = 1; ; seed++) {
      Simulation.Outcome outcome = canary.run(seed);
      if (!outcome.passed()) {
        return outcome;
      }
    }
  }

  private SimulationReport report(StringWriter to, boolean canary) {
    return new SimulationReport(new PrintWriter(to), Optional.empty(), canary, directory);
  }
}
