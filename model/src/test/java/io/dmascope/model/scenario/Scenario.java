package io.dmascope.model.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.dma.DmaModel;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A scenario and what is expected of it: {@code -> RULE CONFIDENCE} at the end of the line whose
 * event breaks the rule, several separated by commas. Anything not expected is a failure.
 */
public final class Scenario {
  private static final Pattern EXPECTED = Pattern.compile("->(.*)$");

  private Scenario() {}

  /** Runs the scenario and compares every finding with what the lines say. */
  public static void assertScenario(String text) {
    List<String> expected = new ArrayList<>();
    StringBuilder events = new StringBuilder();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher expectation = EXPECTED.matcher(line);
      if (expectation.find()) {
        for (String finding : expectation.group(1).replaceFirst("#.*", "").split(",")) {
          expected.add("line " + number + ": " + finding.strip());
        }
      }
      events.append(expectation.replaceAll("")).append('\n');
    }
    List<String> found = new ArrayList<>();
    for (Violation v : run(events.toString()).violations()) {
      found.add("line " + v.at().place() + ": " + v.ruleId() + " " + v.confidence());
    }
    assertThat(found).as(text).containsExactlyElementsOf(expected);
  }

  /** Applies the scenario's events and collects what the model says. */
  public static Collected run(String text) {
    return apply(ScenarioReader.read(text));
  }

  /** Applies the events to a new model and collects what it says. */
  public static Collected apply(List<TraceEvent> events) {
    DmaModel model = new DmaModel();
    Collected collected = new Collected();
    events.forEach(event -> model.apply(event, collected));
    return collected;
  }

  /** Everything a model said. */
  public static final class Collected implements ModelOutput {
    private final List<Violation> violations = new ArrayList<>();
    private final List<MappingLifecycle> lifecycles = new ArrayList<>();
    private final List<DeviceSummary> summaries = new ArrayList<>();
    private RuleCoverage coverage;

    @Override
    public void violation(Violation violation) {
      violations.add(violation);
    }

    @Override
    public void lifecycle(MappingLifecycle lifecycle) {
      lifecycles.add(lifecycle);
    }

    @Override
    public void summary(DeviceSummary summary) {
      summaries.add(summary);
    }

    @Override
    public void coverage(RuleCoverage all) {
      coverage = all;
    }

    public List<Violation> violations() {
      return violations;
    }

    public List<MappingLifecycle> lifecycles() {
      return lifecycles;
    }

    public List<DeviceSummary> summaries() {
      return summaries;
    }

    /** Null until the capture has ended. */
    public RuleCoverage coverage() {
      return coverage;
    }
  }
}
