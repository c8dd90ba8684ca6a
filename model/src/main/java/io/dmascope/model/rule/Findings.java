package io.dmascope.model.rule;

import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Severity;
import java.util.List;

/** Takes what a rule finds in the transition it is inspecting. */
public interface Findings {
  /**
   * Reports a broken rule.
   *
   * @param doubt what may explain it away, empty for a certain verdict
   * @param message one sentence, then facts in brackets
   * @param related earlier events, oldest first
   */
  void report(
      Rule rule, Severity severity, String doubt, String message, List<RelatedEvent> related);

  /** Reports with the rule's own severity. */
  default void report(Rule rule, String doubt, String message, List<RelatedEvent> related) {
    report(rule, RuleCatalogue.infoOf(rule).severity(), doubt, message, related);
  }
}
