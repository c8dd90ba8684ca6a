package io.dmascope.analytics.report;

import io.dmascope.model.event.InputCounts;
import io.dmascope.model.finding.DoubtKind;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.Violation;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.rule.RuleCatalogue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/*
 * A recording that lost a quarter of its events raises a suspicion at nearly every mapping that
 * straddles a gap: an unmap whose map is missing, a map over one whose unmap is missing. One that
 * began on a machine at work raises one for every ring and buffer that is freed later. None of them
 * is evidence, and hundreds of them hide what is. So where they are many they are put together by
 * device and told as what could not be judged.
 *
 * Lost events explain only so much: a missing event raises suspicion at one later event. Where more
 * events are suspicious than were lost, something is wrong that the losses do not explain, and all
 * stand as findings. A gap of unknown size counts as one event, so that the doubt falls on the side
 * of telling.
 *
 * An IOMMU fault is a fact, whatever was recorded around it: findings on faults always stand.
 */
/** Puts findings that the recording itself explains together where there are many. */
final class DoubtFold {
  /** As many as anybody looks at one by one. */
  static final int FINDINGS_SHOWN_MAX = 3;

  /** What a recording leaves out: the other kinds each have a fact of their own to look at. */
  private static final List<DoubtKind> OF_THE_RECORDING =
      List.of(DoubtKind.LOSSES, DoubtKind.LATE_START);

  private long lossEvents;
  private long lastSequence = -1;

  /** Counts the event of a violation, once however many rules it broke. */
  void count(Violation violation) {
    long sequence = violation.at().sequence();
    if (isDoubted(violation, DoubtKind.LOSSES) && sequence != lastSequence) {
      lossEvents++;
      lastSequence = sequence;
    }
  }

  /** What is to be put together of a capture's findings, by what explains it and device. */
  List<Unjudged> unjudged(List<Finding> findings, InputCounts input) {
    List<Unjudged> unjudged = new ArrayList<>();
    for (DoubtKind doubt : OF_THE_RECORDING) {
      List<Finding> doubted =
          findings.stream().filter(finding -> isDoubted(finding, doubt)).toList();
      if (doubted.size() > FINDINGS_SHOWN_MAX && explains(doubt, input)) {
        byDevice(doubted).forEach(device -> unjudged.add(together(doubt, device)));
      }
    }
    return unjudged;
  }

  private boolean explains(DoubtKind doubt, InputCounts input) {
    return switch (doubt) {
      case LOSSES -> lossEvents <= input.lost() + input.issues();
      case LATE_START -> true; // nobody knows how much there was before
      case CLOCKS,
          DISORDER,
          MEMORY,
          LICENCE,
          OTHER_DOMAIN,
          OTHER_CALL,
          NOT_RECORDED,
          MACHINE,
          TIME_BOUND,
          UNTOLD ->
          false;
    };
  }

  /** True where the finding is part of what is put together. */
  static boolean isIn(List<Unjudged> unjudged, Finding finding) {
    return unjudged.stream().anyMatch(each -> isDoubted(finding, each.doubt()));
  }

  private static boolean isDoubted(Finding finding, DoubtKind doubt) {
    return isDoubted(finding.first(), doubt);
  }

  private static boolean isDoubted(Violation violation, DoubtKind doubt) {
    return violation.verdict().doubtKind().filter(doubt::equals).isPresent()
        && !isOnAFault(violation.ruleId());
  }

  private static boolean isOnAFault(String ruleId) {
    return RuleCatalogue.find(ruleId)
        .map(rule -> List.of(RuleCatalogue.infoOf(rule).on()).contains(Op.FAULT))
        .orElse(false);
  }

  private static List<List<Finding>> byDevice(List<Finding> findings) {
    SortedMap<String, List<Finding>> byDevice = new TreeMap<>();
    for (Finding finding : findings) {
      byDevice.computeIfAbsent(finding.first().device(), _ -> new ArrayList<>()).add(finding);
    }
    return List.copyOf(byDevice.values());
  }

  private static Unjudged together(DoubtKind doubt, List<Finding> ofDevice) {
    SortedMap<String, Long> byRule = new TreeMap<>();
    ofDevice.forEach(each -> byRule.merge(each.first().ruleId(), each.count(), Long::sum));
    Comparator<EventRef> byTrace = Comparator.comparingLong(EventRef::sequence);
    return new Unjudged(
        doubt,
        ofDevice.getFirst().first().device(),
        byRule,
        ofDevice.stream().map(each -> each.first().at()).min(byTrace).orElseThrow(),
        ofDevice.stream().map(Finding::last).max(byTrace).orElseThrow());
  }
}
