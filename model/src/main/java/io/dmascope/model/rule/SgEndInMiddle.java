package io.dmascope.model.rule;

import io.dmascope.model.event.ProbeEvent.SgTable;
import io.dmascope.model.event.ProbeEvent.SgTable.Stage;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-SG-013: no entry before the last is marked as the end. */
@RuleInfo(
    id = "DMA-SG-013",
    title = "scatterlist that ends before its count does",
    severity = Severity.ERROR,
    on = Op.SG_TABLE,
    needs = Family.SG_TABLE,
    kernelSource = "lib/scatterlist.c sg_next()",
    confidenceNotes = "always certain: the list was recorded as it lay in memory")
final class SgEndInMiddle implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    SgTable event = (SgTable) t.probe();
    if (event.stage() == Stage.BUILDING) {
      return;
    }
    RecordedTable table = new RecordedTable(event);
    for (int entry = 0; entry < Math.min(table.size(), table.walked() - 1); entry++) {
      if (table.isEnd(entry)) {
        out.report(
            this,
            List.of(),
            "entry %d of %d is marked as the end: a walk over all of them runs off the list %s"
                .formatted(entry, table.walked(), table.facts()),
            List.of());
        return;
      }
    }
  }
}
