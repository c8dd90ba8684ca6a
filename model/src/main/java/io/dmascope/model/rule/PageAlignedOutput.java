package io.dmascope.model.rule;

import io.dmascope.model.event.ProbeEvent.SgTable;
import io.dmascope.model.event.ProbeEvent.SgTable.Stage;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** BUF-003: an exporter hands out whole pages. */
@RuleInfo(
    id = "BUF-003",
    title = "dma-buf handed out in parts of pages",
    severity = Severity.WARNING,
    on = Op.SG_TABLE,
    needs = Family.SG_TABLE,
    kernelSource = "drivers/dma-buf/dma-buf.c dma_buf_map_attachment()",
    kernelMessage = "is not page aligned!",
    confidenceNotes = "always certain: the table is recorded as the importer got it")
final class PageAlignedOutput implements Rule {
  private static final long PAGE_SIZE = 4096;

  @Override
  public void inspect(Transition t, Findings out) {
    SgTable event = (SgTable) t.probe();
    if (event.stage() != Stage.IMPORTED) {
      return;
    }
    RecordedTable table = new RecordedTable(event);
    for (int entry = 0; entry < table.mapped(); entry++) {
      if (((table.dmaAddr(entry) | table.dmaLength(entry)) & (PAGE_SIZE - 1)) != 0) {
        out.report(
            this,
            List.of(),
            "an exporter hands out an entry that is no whole number of pages %s %s"
                .formatted(table.facts(entry), table.facts()),
            List.of());
        return;
      }
    }
  }
}
