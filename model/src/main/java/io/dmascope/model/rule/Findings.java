package io.dmascope.model.rule;

import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.finding.Verdict;
import io.dmascope.model.mapping.Premise;
import java.util.List;

/** Takes what a rule finds in the transition it is inspecting. */
public interface Findings {
  /**
   * Reports a broken rule.
   *
   * @param message one sentence, then facts in brackets
   * @param related earlier events, oldest first
   */
  void report(
      Rule rule, Severity severity, Verdict verdict, String message, List<RelatedEvent> related);

  /** Weighs what a finding rests on. */
  Verdict weigh(List<Premise> premises);

  /** Reports with the rule's own severity. */
  default void report(Rule rule, Verdict verdict, String message, List<RelatedEvent> related) {
    report(rule, RuleCatalogue.infoOf(rule).severity(), verdict, message, related);
  }

  /**
   * Reports a broken rule that rests on premises.
   *
   * @param premises in the order of their weight; none where the event alone tells
   */
  default void report(
      Rule rule,
      Severity severity,
      List<Premise> premises,
      String message,
      List<RelatedEvent> related) {
    report(rule, severity, weigh(premises), message, related);
  }

  /** Reports with the rule's own severity. */
  default void report(
      Rule rule, List<Premise> premises, String message, List<RelatedEvent> related) {
    report(rule, weigh(premises), message, related);
  }
}
