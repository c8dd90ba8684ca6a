package io.dmascope.analytics.report;

import io.dmascope.analytics.ignore.IgnoreEntry;
import io.dmascope.analytics.ignore.Ignores;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.LiveSite;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.model.finding.RuleCoverage;
import io.dmascope.model.finding.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
  private final Ignores ignores;
  private final Map<Object, Group> groups = new LinkedHashMap<>();
  private final Map<Object, Group> ignored = new LinkedHashMap<>();
  private final DoubtFold doubts = new DoubtFold();
  private CaptureFacts facts = new CaptureFacts("", "", "", "", "", false);
  private InputCounts input = InputCounts.NONE;
  private RuleCoverage coverage = NO_COVERAGE;
  private Optional<List<LiveSite>> live = Optional.empty();

  public FindingReport(Grouping grouping) {
    this(grouping, Ignores.none());
  }

  public FindingReport(Grouping grouping, Ignores ignores) {
    this(grouping, ignores, FINDINGS_MAX);
  }

  /**
   * @param findingsMax causes that are kept apart; past it the grouping gets coarser
   */
  public FindingReport(Grouping grouping, Ignores ignores, int findingsMax) {
    this.grouping = grouping;
    this.ignores = ignores;
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

  /** Tells what was live at the end, by site. */
  public void live(List<LiveSite> sites) {
    this.live = Optional.of(sites);
  }

  @Override
  public void violation(Violation violation) {
    Optional<IgnoreEntry> entry = ignores.entryFor(violation, facts);
    if (entry.isPresent()) {
      add(ignored, violation, entry);
    } else {
      doubts.count(violation);
      add(groups, violation, entry);
    }
  }

  private void add(Map<Object, Group> into, Violation violation, Optional<IgnoreEntry> entry) {
    Object key = key(grouping, into, violation, entry);
    for (Grouping coarser = grouping; isFull(into, key) && coarser != Grouping.RULE; ) {
      coarser = Grouping.values()[coarser.ordinal() + 1];
      key = key(coarser, into, violation, entry);
    }
    Group group = into.get(key);
    if (group == null) {
      into.put(key, new Group(violation, entry));
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
    // Some verdicts fall late, for one at the end of the capture; readers want the order of the
    // trace.
    Comparator<Group> byTrace = Comparator.comparingLong(group -> group.first.at().sequence());
    List<Finding> findings = groups.values().stream().sorted(byTrace).map(Group::finding).toList();
    List<Unjudged> unjudged =
        grouping == Grouping.OCCURRENCE ? List.of() : doubts.unjudged(findings, input);
    return new CaptureReport(
        facts,
        input,
        findings.stream().filter(finding -> !DoubtFold.isIn(unjudged, finding)).toList(),
        unjudged,
        ignored.values().stream()
            .sorted(byTrace)
            .map(group -> new IgnoredFinding(group.finding(), group.entry.orElseThrow()))
            .toList(),
        coverage,
        live);
  }

  private boolean isFull(Map<Object, Group> into, Object key) {
    return into.size() >= findingsMax && !into.containsKey(key);
  }

  private static Object key(
      Grouping by, Map<Object, Group> into, Violation violation, Optional<IgnoreEntry> entry) {
    int line = entry.map(IgnoreEntry::line).orElse(0);
    return switch (by) {
      // Rules that judge one event twice tell two findings; the position makes each its own.
      case OCCURRENCE -> (long) into.size();
      case CAUSE -> new IgnoredBy(Cause.of(violation), line);
      case RULE ->
          new IgnoredBy(new RuleOnly(violation.ruleId(), violation.confidence().name()), line);
    };
  }

  private record IgnoredBy(Object cause, int line) {}

  private record RuleOnly(String ruleId, String confidence) {}

  private static final class Group {
    private final Violation first;
    private final Optional<IgnoreEntry> entry;
    private final List<EventRef> examples = new ArrayList<>(0);
    private long count = 1;
    private EventRef last;

    Group(Violation first, Optional<IgnoreEntry> entry) {
      this.first = first;
      this.entry = entry;
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
