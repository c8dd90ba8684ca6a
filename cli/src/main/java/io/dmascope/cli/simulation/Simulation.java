package io.dmascope.cli.simulation;

import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.Violation;
import io.dmascope.producer.synthetic.fault.Injected;
import io.dmascope.producer.synthetic.machine.Chance;
import io.dmascope.producer.synthetic.profile.Profile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One seed, from the made-up machine to the verdict on our own verdicts. */
final class Simulation {
  /**
   * What came of a seed.
   *
   * @param capture null where not even that could be made
   * @param failures empty where all is well
   */
  record Outcome(long seed, SimulatedCapture capture, RuleTally tally, List<Failure> failures) {
    boolean passed() {
      return failures.isEmpty();
    }
  }

  private final Optional<Profile> only;
  private final boolean canary;

  /**
   * @param only the profile to simulate; each seed chooses where there is none
   * @param canary whether the truth is falsified, so that every seed with a fault must fail
   */
  Simulation(Optional<Profile> only, boolean canary) {
    this.only = only;
    this.canary = canary;
  }

  Outcome run(long seed) {
    RuleTally tally = new RuleTally();
    SimulatedCapture capture = null;
    try {
      capture = SimulatedCapture.of(seed, only);
      if (canary) {
        capture = capture.withTruth(falsified(capture.truth()));
      }
      return new Outcome(seed, capture, tally, judge(capture, tally));
    } catch (RuntimeException | IOException e) { // a failure of the simulated house, not of ours
      List<Failure> crash = List.of(new Failure.Crash(crashOf(e)));
      return new Outcome(seed, capture, tally, crash);
    }
  }

  private static List<Failure> judge(SimulatedCapture capture, RuleTally tally) throws IOException {
    List<TraceEvent> arrived = capture.road().carry(capture.recorded());
    if (arrived.size() != capture.recorded().size()) {
      return List.of(
          new Failure.LostOnTheRoad(capture.road(), capture.recorded().size(), arrived.size()));
    }
    List<Failure> failures = new ArrayList<>();
    Replay replay = new Replay(new Chance(capture.seed()).split("restarts"));
    List<Violation> violations = replay.run(arrived, failures);
    if (failures.isEmpty()) {
      failures.addAll(new Oracle(capture, tally).judge(violations, replay.coverage()));
    }
    return failures;
  }

  /** The first fault is denied, so that what is found there has no cause. */
  private static List<Injected> falsified(List<Injected> truth) {
    return truth.isEmpty() ? truth : truth.subList(1, truth.size());
  }

  private static String crashOf(Exception e) {
    StackTraceElement[] trace = e.getStackTrace();
    return e + (trace.length == 0 ? "" : " at " + trace[0]);
  }
}
