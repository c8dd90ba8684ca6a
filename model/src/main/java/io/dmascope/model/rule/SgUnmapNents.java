package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.NoOtherList;
import io.dmascope.model.mapping.Premise.Stands;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-SG-001: dma_unmap_sg takes the count given to dma_map_sg, not the count that came back. */
@RuleInfo(
    id = "DMA-SG-001",
    title = "scatterlist unmapped with another entry count",
    severity = Severity.WARNING,
    on = Op.UNMAP_SG,
    needs = Family.SG,
    kernelSource = "kernel/dma/debug.c check_unmap()",
    kernelMessage =
        "device driver frees DMA sg list with different entry count [map count=%d] [unmap"
            + " count=%d]",
    confidenceNotes =
        "suspect where another list of the same memory may have been mapped: in a gap, or before"
            + " the recording began; the counts are the full ones, also for truncated lists")
final class SgUnmapNents implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    MappedObject object = t.object();
    if (object == null || object.nents() == t.nents()) {
      return;
    }
    boolean returned = t.nents() == object.ents();
    out.report(
        this,
        List.of(
            new Stands(object),
            new NoOtherList(object.device(), object.direction(), t.noPageTableRemoval())),
        "unmaps a scatterlist with %s %s [map_nents=%d] [map_ents=%d] [unmap_nents=%d]"
            .formatted(
                returned ? "the count that dma_map_sg returned" : "another entry count",
                Evidence.where(t),
                object.nents(),
                object.ents(),
                t.nents()),
        Evidence.mapped(object));
  }
}
