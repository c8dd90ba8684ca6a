package io.dmascope.model.rule;

import io.dmascope.model.mapping.CaptureState;
import io.dmascope.model.mapping.Transition;

/** One invariant. Stateless; the state is in the transition. Annotated with {@link RuleInfo}. */
@FunctionalInterface
public interface Rule {
  /**
   * Looks at a transition of an operation that the rule names, and reports what is wrong with it.
   */
  void inspect(Transition t, Findings out);

  /**
   * Why the capture, now at its end, could not be held to the rule although it has the events that
   * the rule needs; empty where it could.
   */
  default String notCheckedBecause(CaptureState state) {
    return "";
  }
}
