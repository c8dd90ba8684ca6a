package io.dmascope.cli.simulation;

import io.dmascope.model.finding.Violation;
import io.dmascope.producer.synthetic.fault.Injected;

/** What a simulation found wrong: with us, not with the made-up driver. */
sealed interface Failure {

  /** What is wrong, in a line. */
  String describe();

  /** An injected fault that was not found although all of it was recorded. */
  record Missed(Injected injected) implements Failure {
    @Override
    public String describe() {
      return "missed %s (%s) at event %d of %s"
          .formatted(injected.ruleId(), injected.fault(), injected.sequence(), injected.device());
    }
  }

  /** Something found that nobody did. */
  record False(Violation violation, long place) implements Failure {
    @Override
    public String describe() {
      return "false %s %s at event %d of %s: %s"
          .formatted(
              violation.confidence(),
              violation.ruleId(),
              place,
              violation.device(),
              violation.message());
    }
  }

  /** A fault that was found, but with the wrong confidence. */
  record WronglySure(Injected injected, Violation violation) implements Failure {
    @Override
    public String describe() {
      return "%s (%s) at event %d is %s, not %s: %s"
          .formatted(
              injected.ruleId(),
              injected.fault(),
              injected.sequence(),
              violation.confidence(),
              injected.sureness(),
              violation.because());
    }
  }

  /** A rule that was said to be checked although the manifest does not tell what it asks for. */
  record Unfounded(String ruleId) implements Failure {
    @Override
    public String describe() {
      return "%s counts as checked, and the manifest leaves out what it needs".formatted(ruleId);
    }
  }

  /** An invariant that does not hold after an event. */
  record BrokenInvariant(Invariant invariant, long sequence) implements Failure {
    @Override
    public String describe() {
      return "invariant %s is broken after event %d".formatted(invariant, sequence);
    }
  }

  /** The capture did not arrive as it was sent. */
  record LostOnTheRoad(Road road, int sent, int arrived) implements Failure {
    @Override
    public String describe() {
      return "road %s: %d events sent, %d arrived".formatted(road.key(), sent, arrived);
    }
  }

  /** Something gave up with an exception. */
  record Crash(String what) implements Failure {
    @Override
    public String describe() {
      return "crash: " + what;
    }
  }
}
