package io.dmascope.model.rule;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-SG-009: a mapped scatterlist is mapped again. */
@RuleInfo(
    id = "DMA-SG-009",
    title = "scatterlist mapped again without an unmap",
    severity = Severity.WARNING,
    on = Op.MAP_SG,
    needs = Family.SG,
    kernelSource = "kernel/dma/mapping.c dma_map_sg_attrs()",
    confidenceNotes =
        "always suspect: two lists over the same pages are legal and look the same; silent for"
            + " lists that devices only read, for SKIP_CPU_SYNC, where events were lost since, and"
            + " for drivers that leave out unmaps")
final class RemapWithoutUnmap implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    MappedObject list = t.object();
    EventHeader before = before(t);
    if (before == null
        || !t.direction().deviceWrites()
        || (t.attrs() & DmaAttrs.SKIP_CPU_SYNC) != 0
        || t.device().elidesUnmaps()
        || t.state().losses().since(before.sequence())) {
      return;
    }
    out.report(
        this,
        List.of(Premise.unknowable(Reason.TWO_LISTS)),
        "maps a scatterlist that is mapped already %s [nents=%d]"
            .formatted(Evidence.where(t), list.nents()),
        List.of(Evidence.at("mapped before here", before)));
  }

  /** Mapped directly, the second mapping is one more instance of the first. */
  private static EventHeader before(Transition t) {
    if (t.object().instances() > 1) {
      return t.object().firstMapped();
    }
    return t.twin() == null ? null : t.twin().lastMapped();
  }
}
