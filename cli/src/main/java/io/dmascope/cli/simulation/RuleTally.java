package io.dmascope.cli.simulation;

import io.dmascope.model.finding.Confidence;
import java.util.Map;
import java.util.TreeMap;

/** What became of the faults of each rule. */
final class RuleTally {
  /** Counts of one rule. */
  static final class Counts {
    long injected;
    long certain;
    long suspect;
    long hidden;
    long missed;
    long wrong;
    long explained;

    void add(Counts other) {
      injected += other.injected;
      certain += other.certain;
      suspect += other.suspect;
      hidden += other.hidden;
      missed += other.missed;
      wrong += other.wrong;
      explained += other.explained;
    }
  }

  private final Map<String, Counts> rules = new TreeMap<>();

  private Counts of(String ruleId) {
    return rules.computeIfAbsent(ruleId, id -> new Counts());
  }

  void injected(String ruleId) {
    of(ruleId).injected++;
  }

  void found(String ruleId, Confidence confidence) {
    Counts counts = of(ruleId);
    if (confidence == Confidence.CERTAIN) {
      counts.certain++;
    } else {
      counts.suspect++;
    }
  }

  /** A fault not found, because the recording or an earlier fault hid it. */
  void hidden(String ruleId) {
    of(ruleId).hidden++;
  }

  void missed(String ruleId) {
    of(ruleId).missed++;
  }

  /** A finding that nothing explains. */
  void wrong(String ruleId) {
    of(ruleId).wrong++;
  }

  /** A suspicion that the recording or an earlier fault explains. */
  void explained(String ruleId) {
    of(ruleId).explained++;
  }

  void add(RuleTally other) {
    other.rules.forEach((id, counts) -> of(id).add(counts));
  }

  Map<String, Counts> rules() {
    return rules;
  }
}
