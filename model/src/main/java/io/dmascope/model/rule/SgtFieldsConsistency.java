package io.dmascope.model.rule;

import io.dmascope.model.event.ProbeEvent.SgTable;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-SG-017: the two counts of an sg_table fit each other. */
@RuleInfo(
    id = "DMA-SG-017",
    title = "counts of an sg_table that contradict each other",
    severity = Severity.WARNING,
    on = Op.SG_TABLE,
    needs = Family.SG_TABLE,
    kernelSource = "include/linux/dma-mapping.h dma_unmap_sgtable()",
    confidenceNotes = "always certain: both counts are recorded")
final class SgtFieldsConsistency implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    SgTable event = (SgTable) t.probe();
    String wrong =
        switch (event.stage()) {
          case BUILT ->
              event.nents() == event.origNents()
                  ? ""
                  : "a table that is not mapped has two different counts";
          case MAPPED, IMPORTED, CONSUMED ->
              event.nents() <= event.origNents() || event.origNents() == 0
                  ? ""
                  : "a table has more entries mapped than it has";
          // Appending leaves nents behind, and unmapping leaves it as it was.
          case BUILDING, UNMAPPED -> "";
        };
    if (!wrong.isEmpty()) {
      out.report(this, List.of(), wrong + " " + new RecordedTable(event).facts(), List.of());
    }
  }
}
