package io.dmascope.model.rule;

import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/* hot path */
/** The rules of one operation, in order of precedence, and the signs that each waits for. */
final class OpRules {
  private static final int ALWAYS = Sign.setOf();

  private final Rule[] rules;
  private final int[] signs;
  private final int anySign;

  OpRules(List<Rule> rules) {
    this.rules = rules.toArray(Rule[]::new);
    this.signs =
        rules.stream().mapToInt(rule -> Sign.setOf(RuleCatalogue.infoOf(rule).signs())).toArray();
    int any = 0;
    for (int set : signs) {
      any |= set;
    }
    this.anySign = any;
  }

  List<Rule> rules() {
    return List.of(rules);
  }

  void judge(Transition t, Findings out) {
    if (anySign == 0) {
      return;
    }
    int shown = t.signs();
    if (anySign != ALWAYS && (shown & anySign) == 0) {
      return;
    }
    for (int i = 0; i < rules.length; i++) {
      if (signs[i] == ALWAYS || (shown & signs[i]) != 0) {
        rules[i].inspect(t, out);
      }
    }
  }
}
