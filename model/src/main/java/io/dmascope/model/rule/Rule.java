package io.dmascope.model.rule;

import io.dmascope.model.mapping.Transition;

/** One invariant. Stateless; the state is in the transition. Annotated with {@link RuleInfo}. */
@FunctionalInterface
public interface Rule {
  /**
   * Looks at a transition of an operation that the rule names, and reports what is wrong with it.
   */
  void inspect(Transition t, Findings out);
}
