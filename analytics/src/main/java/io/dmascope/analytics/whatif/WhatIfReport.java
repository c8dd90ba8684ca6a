package io.dmascope.analytics.whatif;

import io.dmascope.model.scatterlist.EntryForm;
import io.dmascope.model.whatif.PlanSteps;
import io.dmascope.model.whatif.ScenarioResult;
import io.dmascope.model.whatif.Workload;
import java.util.List;
import java.util.Set;

/**
 * One capture's comparison of scenarios.
 *
 * @param forms the forms to show; those that a scenario has no cost for are left out
 */
public record WhatIfReport(
    String file,
    Workload workload,
    List<ScenarioResult> results,
    List<PlanSteps.Row> plan,
    Set<EntryForm> forms) {
  public WhatIfReport {
    results = List.copyOf(results);
    plan = List.copyOf(plan);
    forms = Set.copyOf(forms);
  }

  /** The forms of a scenario that are to be shown, in the order of the enum. */
  List<EntryForm> formsOf(ScenarioResult result) {
    return result.forms().keySet().stream().filter(forms::contains).sorted().toList();
  }
}
