package io.dmascope.model.rule;

import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.Stands;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-SYN-004: a scatterlist is synced with the number of entries it was mapped with. */
@RuleInfo(
    id = "DMA-SYN-004",
    title = "scatterlist synced with another entry count",
    severity = Severity.WARNING,
    on = Op.SYNC_SG,
    needs = Family.SYNC,
    kernelSource = "kernel/dma/debug.c check_sync()",
    kernelMessage =
        "device driver syncs DMA sg list with different entry count [map count=%d] [sync count=%d]",
    confidenceNotes = "suspect where events were lost since it was mapped")
final class SyncNents implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    MappedObject object = t.object();
    if (object == null
        || object.kind() != MappingKind.SCATTER_GATHER
        || object.nents() == t.nents()) {
      return;
    }
    out.report(
        this,
        List.of(new Stands(object)),
        "syncs a scatterlist with another entry count %s [map_nents=%d] [sync_nents=%d]"
            .formatted(Evidence.where(t), object.nents(), t.nents()),
        Evidence.mapped(object));
  }
}
