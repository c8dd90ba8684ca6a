package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Premise.RunsRemembered;
import io.dmascope.model.mapping.Range;
import io.dmascope.model.mapping.Tasks;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-SG-003: the mapped entries of a list are longer than what the page tables hold for it. */
@RuleInfo(
    id = "DMA-SG-003",
    title = "scatterlist longer than its page tables",
    severity = Severity.ERROR,
    on = Op.MAP_SG,
    needs = Family.IOMMU,
    kernelSource = "drivers/iommu/dma-iommu.c __finalise_sg()",
    confidenceNotes =
        "asked where every page-table run of the list was seen; silent for truncated and bounced"
            + " lists; suspect where events were lost")
final class SgLengthConservation implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    MappedObject list = t.object();
    if (t.runs().isEmpty() || list.truncated() || t.bounce() != null) {
      return;
    }
    long translated = 0;
    for (int i = 0; i < list.rangeCount(); i++) {
      translated += Runs.cover(t.runs(), list.range(i).addr()) ? list.range(i).sizeBytes() : 0;
    }
    long tables = 0;
    for (Tasks.Run run : t.runs()) {
      tables += run.sizeBytes();
    }
    Range last = list.range(list.rangeCount() - 1);
    if (Long.compareUnsigned(translated, tables) <= 0) {
      return;
    }
    out.report(
        this,
        List.of(NothingLost.ever(), new RunsRemembered()),
        "maps more bytes than the page tables hold for the list %s [page_table_bytes=%d] [last_entry=%s]"
            .formatted(
                Evidence.where(list.dmaAddr(), translated),
                tables,
                Evidence.hexRange(last.addr(), last.lastAddr())),
        List.of(Evidence.at("first page table made here", t.runs().getFirst().header())));
  }
}
