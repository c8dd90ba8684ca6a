package io.dmascope.model.rule;

import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import io.dmascope.model.rig.RigManifest;
import java.util.Arrays;
import java.util.List;

/**
 * The rules that a capture of a rig can be held to, by operation: one whose facts the rig's
 * manifest does not have is left out and costs nothing.
 */
public final class RuleSet {
  private final OpRules[] byOp = new OpRules[Op.values().length];

  private RuleSet(List<Rule> rules) {
    for (Op op : Op.values()) {
      byOp[op.ordinal()] =
          new OpRules(
              rules.stream()
                  .filter(rule -> Arrays.asList(RuleCatalogue.infoOf(rule).on()).contains(op))
                  .toList());
    }
  }

  /** Every rule, whatever it has to know. */
  public static RuleSet all() {
    return new RuleSet(RuleCatalogue.rules());
  }

  /** The rules for captures of that rig. */
  public static RuleSet of(RigManifest manifest) {
    return new RuleSet(
        RuleCatalogue.rules().stream()
            .filter(rule -> possible(RuleCatalogue.infoOf(rule), manifest))
            .toList());
  }

  private static boolean possible(RuleInfo info, RigManifest manifest) {
    return info.factsFor().length > 0
        || Arrays.stream(info.facts()).allMatch(fact -> fact.possible(manifest));
  }

  /** The rules that look at the operation, in order of precedence. */
  List<Rule> on(Op op) {
    return byOp[op.ordinal()].rules();
  }

  /** Has every rule that waits for the transition look at it, in order of precedence. */
  public void judge(Transition t, Findings out) {
    byOp[t.op().ordinal()].judge(t, out);
  }
}
