package io.dmascope.model.finding;

import java.util.List;

/** Which rules a capture could be held to; silence of the others is not a pass. */
public record RuleCoverage(List<String> checked, List<NotChecked> notChecked) {
  public RuleCoverage {
    checked = List.copyOf(checked);
    notChecked = List.copyOf(notChecked);
  }

  /** A rule that the recorded facts cannot decide, and what is missing. */
  public record NotChecked(String ruleId, String because) {}
}
