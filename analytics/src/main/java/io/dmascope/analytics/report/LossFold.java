package io.dmascope.analytics.report;

import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.LossDoubt;
import io.dmascope.model.finding.Violation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/*
 * A recording that lost a quarter of its events raises a suspicion at nearly every mapping that
 * straddles a gap: an unmap whose map is missing, a map over one whose unmap is missing. None of
 * them is evidence, and hundreds of them hide what is. So where they are many they are put together
 * by device and told as what could not be judged.
 *
 * Lost events explain only so much: a missing event raises suspicion at one later event. Where more
 * events are suspicious than were lost, something is wrong that the losses do not explain, and all
 * stand as findings. A gap of unknown size counts as one event, so that the doubt falls on the side
 * of telling.
 */
/** Puts findings that lost events explain together where there are many. */
final class LossFold {
  /** As many as anybody looks at one by one. */
  static final int FINDINGS_SHOWN_MAX = 3;

  private long events;
  private long lastSequence = -1;

  /** Counts the event of a violation, once however many rules it broke. */
  void count(Violation violation) {
    long sequence = violation.at().sequence();
    if (LossDoubt.is(violation.because()) && sequence != lastSequence) {
      events++;
      lastSequence = sequence;
    }
  }

  /** True where the losses explain the finding, and more of its kind than are shown. */
  boolean folds(List<Finding> findings, InputCounts input) {
    long doubted = findings.stream().filter(LossFold::isDoubted).count();
    return doubted > FINDINGS_SHOWN_MAX && events <= input.lost() + input.issues();
  }

  static boolean isDoubted(Finding finding) {
    return LossDoubt.is(finding.first().because());
  }

  /** What is left to say of the doubted ones among the findings: by device. */
  static List<Unjudged> unjudged(List<Finding> findings) {
    SortedMap<String, List<Finding>> byDevice = new TreeMap<>();
    for (Finding finding : findings) {
      if (isDoubted(finding)) {
        byDevice.computeIfAbsent(finding.first().device(), _ -> new ArrayList<>()).add(finding);
      }
    }
    return byDevice.values().stream().map(LossFold::together).toList();
  }

  private static Unjudged together(List<Finding> findings) {
    SortedMap<String, Long> byRule = new TreeMap<>();
    findings.forEach(finding -> byRule.merge(finding.first().ruleId(), finding.count(), Long::sum));
    Comparator<EventRef> byTrace = Comparator.comparingLong(EventRef::sequence);
    return new Unjudged(
        findings.getFirst().first().device(),
        byRule,
        findings.stream().map(finding -> finding.first().at()).min(byTrace).orElseThrow(),
        findings.stream().map(Finding::last).max(byTrace).orElseThrow());
  }
}
