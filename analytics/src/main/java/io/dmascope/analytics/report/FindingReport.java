package io.dmascope.analytics.report;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Folds one capture's conclusions, in their order, into a {@link CaptureReport}. Memory is bounded
 * by the number of causes, and that by {@link #FINDINGS_MAX}: past it the grouping gets coarser, so
 * that a flood loses detail but never a count.
 *
 * <p>Owned by one thread.
 */
public final class FindingReport implements ModelOutput {
  /** Some 50 MB of findings: more than anybody reads, less than any heap. */
  public static final int FINDINGS_MAX = 100_000;

  private static final RuleCoverage NO_COVERAGE = new RuleCoverage(List.of(), List.of());

  private final Grouping grouping;
  private final int findingsMax;
  private final Map<Object, Group> groups = new LinkedHashMap<>();
  private CaptureFacts facts = new CaptureFacts("", "", "", "", "", false);
  private InputCounts input = InputCounts.NONE;
  private RuleCoverage coverage = NO_COVERAGE;

  public FindingReport(Grouping grouping) {
    this(grouping, FINDINGS_MAX);
  }

  FindingReport(Grouping grouping, int findingsMax) {
    this.grouping = grouping;
    this.findingsMax = findingsMax;
  }

  /** Tells what the capture is; the last word counts. */
  public void facts(CaptureFacts facts) {
    this.facts = facts;
  }

  /** Tells how the input was accounted for; the last word counts. */
  public void input(InputCounts input) {
    this.input = input;
  }

  @Override
  public void violation(Violation violation) {
    Object key = key(grouping, violation);
    for (Grouping coarser = grouping; isFull(key) && coarser != Grouping.RULE; ) {
      coarser = Grouping.values()[coarser.ordinal() + 1];
      key = key(coarser, violation);
    }
    Group group = groups.get(key);
    if (group == null) {
      groups.put(key, new Group(violation));
    } else {
      group.add(violation.at());
    }
  }

  @Override
  public void coverage(RuleCoverage coverage) {
    this.coverage = coverage;
  }

  /** Returns the report of what was folded so far. */
  public CaptureReport report() {
    List<Finding> findings = new ArrayList<>(groups.size());
    groups.values().forEach(group -> findings.add(group.finding()));
    // Some verdicts fall late, for one at the end of the capture; readers want the order of the
    // trace.
    findings.sort(Comparator.comparingLong(finding -> finding.first().at().sequence()));
    return new CaptureReport(facts, input, findings, coverage);
  }

  private boolean isFull(Object key) {
    return groups.size() >= findingsMax && !groups.containsKey(key);
  }

  private Object key(Grouping by, Violation violation) {
    return switch (by) {
      // Rules that judge one event twice tell two findings; the position makes each its own.
      case OCCURRENCE -> (long) groups.size();
      case CAUSE -> Cause.of(violation);
      case RULE -> new RuleOnly(violation.ruleId(), violation.confidence().name());
    };
  }

  private record RuleOnly(String ruleId, String confidence) {}

  private static final class Group {
    private final Violation first;
    private final List<EventRef> examples = new ArrayList<>(0);
    private long count = 1;
    private EventRef last;

    Group(Violation first) {
      this.first = first;
      this.last = first.at();
    }

    void add(EventRef at) {
      if (examples.size() < Finding.EXAMPLES_MAX) {
        examples.add(at);
      }
      count++;
      last = at;
    }

    Finding finding() {
      return new Finding(first, count, examples, last);
    }
  }
}
