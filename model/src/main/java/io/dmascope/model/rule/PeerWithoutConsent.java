package io.dmascope.model.rule;

import io.dmascope.model.event.ProbeEvent.SgTable;
import io.dmascope.model.event.ProbeEvent.SgTable.Stage;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.ImportedBuffer;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** BUF-008: memory of a device goes to importers only that take such memory. */
@RuleInfo(
    id = "BUF-008",
    title = "device memory handed to an importer that did not ask for it",
    severity = Severity.ERROR,
    on = Op.SG_TABLE,
    needs = Family.SG_TABLE,
    kernelSource = "drivers/dma-buf/dma-buf.c dma_buf_dynamic_attach()",
    confidenceNotes =
        "certain for entries that are PCI bus addresses; suspect where events were lost since the"
            + " importer attached")
final class PeerWithoutConsent implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    SgTable event = (SgTable) t.probe();
    ImportedBuffer buffer = t.imported();
    if (event.stage() != Stage.IMPORTED || buffer == null || buffer.peer2peer()) {
      return;
    }
    RecordedTable table = new RecordedTable(event);
    for (int entry = 0; entry < table.mapped(); entry++) {
      if (table.isBusAddress(entry)) {
        out.report(
            this,
            List.of(NothingLost.since(buffer.attached())),
            "an exporter hands memory of a device to an importer that takes none [exp_name=%s] %s %s"
                .formatted(buffer.exporter(), table.facts(entry), table.facts()),
            List.of(Evidence.at("attached here", buffer.attached())));
        return;
      }
    }
  }
}
