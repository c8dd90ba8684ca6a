package io.dmascope.model.rule;

import io.dmascope.model.event.ProbeEvent.SgTable;
import io.dmascope.model.event.ProbeEvent.SgTable.Stage;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-SG-010: a scatterlist entry with an address has memory. */
@RuleInfo(
    id = "DMA-SG-010",
    title = "scatterlist entry with an address and no page",
    severity = Severity.INFO,
    on = Op.SG_TABLE,
    needs = Family.SG_TABLE,
    kernelSource = "include/linux/scatterlist.h sg_assign_page()",
    confidenceNotes = "always certain of the fact; whether it is wrong is a matter of policy")
final class PageNullWithDmaAddr implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    SgTable event = (SgTable) t.probe();
    boolean filled = event.stage() == Stage.MAPPED || event.stage() == Stage.CONSUMED;
    // Exporters hand out tables of addresses alone, and mark them with an orig_nents of 0 since
    // 7.x.
    boolean imported = t.table() != null && t.table().imported();
    if (!filled || event.origNents() == 0 || (imported && event.stage() == Stage.CONSUMED)) {
      return;
    }
    RecordedTable table = new RecordedTable(event);
    for (int entry = 0; entry < table.mapped(); entry++) {
      if (!table.hasPage(entry)) {
        out.report(
            this,
            List.of(),
            "an entry has an address and no page %s %s"
                .formatted(table.facts(entry), table.facts()),
            List.of());
        return;
      }
    }
  }
}
