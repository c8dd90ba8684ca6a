package io.dmascope.model.rule;

import io.dmascope.model.event.ProbeEvent.BufferAccess;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** BUF-004: an importer takes addresses from a table, never memory. */
@RuleInfo(
    id = "BUF-004",
    title = "importer uses the pages of a dma-buf",
    severity = Severity.ERROR,
    on = Op.BUFFER_ACCESS,
    needs = Family.BUFFER_ACCESS,
    kernelSource = "drivers/dma-buf/dma-buf.c dma_buf_map_attachment()",
    confidenceNotes = "always certain: the access itself is recorded")
final class ImporterTouchesPage implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    BufferAccess access = (BufferAccess) t.probe();
    if (access.kind() == BufferAccess.Kind.PAGE) {
      out.report(
          this,
          List.of(),
          "an importer uses the memory's side of the table " + Buffers.facts(access),
          t.imported() == null || t.imported().mapped() == null
              ? List.of()
              : List.of(Evidence.at("mapped here", t.imported().mapped())));
    }
  }
}
