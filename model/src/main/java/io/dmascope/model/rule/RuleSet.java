package io.dmascope.model.rule;

import io.dmascope.model.mapping.Op;
import io.dmascope.model.rig.RigManifest;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The rules that a capture of a rig can be held to, by operation: one whose facts the rig's
 * manifest does not have is left out and costs nothing.
 */
public final class RuleSet {
  private final Map<Op, Rule[]> byOp = new EnumMap<>(Op.class);

  private RuleSet(List<Rule> rules) {
    for (Op op : Op.values()) {
      byOp.put(
          op,
          rules.stream()
              .filter(rule -> Arrays.asList(RuleCatalogue.infoOf(rule).on()).contains(op))
              .toArray(Rule[]::new));
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

  /**
   * The rules that look at the operation, in order of precedence. The array is shared: do not
   * change it.
   */
  public Rule[] on(Op op) {
    return byOp.get(op);
  }
}
