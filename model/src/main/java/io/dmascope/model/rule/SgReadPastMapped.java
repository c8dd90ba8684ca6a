package io.dmascope.model.rule;

import io.dmascope.model.event.ProbeEvent.SgRead;
import io.dmascope.model.event.ProbeEvent.SgTable.Stage;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.SgTables;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-SG-015: addresses are read from mapped entries only. */
@RuleInfo(
    id = "DMA-SG-015",
    title = "address read from an entry that holds none",
    severity = Severity.ERROR,
    on = Op.SG_READ,
    needs = Family.SG_READ,
    kernelSource = "drivers/iommu/dma-iommu.c iommu_dma_map_sg()",
    confidenceNotes =
        "certain for an index beyond the mapped count; behind an empty entry suspect where events"
            + " were lost since the list was recorded")
final class SgReadPastMapped implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    SgRead read = (SgRead) t.probe();
    SgTables.Known known = t.table();
    String facts =
        "[table=%s] [index=%d] [nents=%d] [dma_addr=%s] [dma_len=%s]"
            .formatted(
                Addresses.hex(read.table()),
                read.index(),
                read.nents(),
                Addresses.hex(read.dmaAddr()),
                Long.toUnsignedString(read.dmaLength()));
    if (read.index() >= read.nents()) {
      out.report(
          this, List.of(), "reads an entry beyond those that were mapped " + facts, List.of());
    } else if (isBehindEmpty(read, known)) {
      out.report(
          this,
          List.of(NothingLost.since(known.header())),
          "reads an entry behind the one that ends the addresses " + facts,
          List.of(Evidence.at("seen here", known.header())));
    }
  }

  private static boolean isBehindEmpty(SgRead read, SgTables.Known known) {
    boolean holdsAddresses =
        known != null
            && (known.stage() == Stage.MAPPED
                || known.stage() == Stage.IMPORTED
                || known.stage() == Stage.CONSUMED);
    return holdsAddresses && known.firstEmpty() >= 0 && read.index() > known.firstEmpty();
  }
}
