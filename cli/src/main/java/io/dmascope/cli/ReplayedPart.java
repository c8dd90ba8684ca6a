package io.dmascope.cli;

import io.dmascope.analytics.ignore.Glob;
import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.finding.Violation;
import io.dmascope.replay.Conclusions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which conclusions a replay writes: those of some rules, that no ignore file takes, between two
 * moments. The model sees every event all the same, so that a verdict within the part is the one it
 * would be in the whole.
 */
final class ReplayedPart implements Conclusions.Choice {
  private final Map<String, CaptureFacts> facts;
  private final ModelAssumptions assumptions;
  private final List<Glob> rules;
  private final Ignores ignores;
  private final Optional<RecordedMoment> from;
  private final Optional<RecordedMoment> to;

  /** Captures whose clock cannot be related to the moments. */
  private final Set<String> unplaced = new TreeSet<>();

  private final Set<String> touched = new TreeSet<>();
  private final Set<String> begun = new TreeSet<>();

  /**
   * @param facts of the captures, by id
   * @param rules empty for all
   */
  ReplayedPart(
      Map<String, CaptureFacts> facts,
      ModelAssumptions assumptions,
      List<Glob> rules,
      Ignores ignores,
      Optional<RecordedMoment> from,
      Optional<RecordedMoment> to) {
    this.facts = facts;
    this.assumptions = assumptions;
    this.rules = rules;
    this.ignores = ignores;
    this.from = from;
    this.to = to;
  }

  @Override
  public Conclusions of(String captureId, long firstTimestampNs) {
    CaptureFacts known = facts.get(captureId);
    begun.add(captureId);
    OptionalLong fromNs = place(captureId, from, firstTimestampNs, Long.MIN_VALUE);
    OptionalLong toNs = place(captureId, to, firstTimestampNs, Long.MAX_VALUE);
    boolean placed = fromNs.isPresent() && toNs.isPresent();
    return new Conclusions() {
      @Override
      public boolean wants(Violation violation) {
        return wantsAt(violation.at().timestampNs())
            && (rules.isEmpty()
                || rules.stream().anyMatch(rule -> rule.matches(violation.ruleId())))
            && ignores.entryFor(violation, known).isEmpty();
      }

      @Override
      public boolean wantsAt(long timestampNs) {
        boolean wanted =
            placed && timestampNs >= fromNs.getAsLong() && timestampNs <= toNs.getAsLong();
        if (wanted) {
          touched.add(captureId);
        }
        return wanted;
      }
    };
  }

  @Override
  public CaptureFacts assume(CaptureFacts recorded) {
    return assumptions.applyTo(recorded);
  }

  private OptionalLong place(
      String captureId, Optional<RecordedMoment> moment, long firstTimestampNs, long none) {
    if (moment.isEmpty()) {
      return OptionalLong.of(none);
    }
    OptionalLong placed = moment.get().in(facts.get(captureId), firstTimestampNs);
    if (placed.isEmpty()) {
      unplaced.add(captureId);
    }
    return placed;
  }

  boolean isWhole() {
    return from.isEmpty() && to.isEmpty();
  }

  /** Captures of which nobody knows where the moments are. */
  Set<String> unplaced() {
    return unplaced;
  }

  /** True where captures were replayed and nothing was concluded between the moments. */
  boolean missedEverything() {
    return !isWhole() && !begun.isEmpty() && touched.isEmpty();
  }
}
