package io.dmascope.model.rule;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.Stands;
import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/**
 * DMA-MAP-004: the direction decides which caches are flushed, and which way a bounce buffer is
 * copied.
 */
@RuleInfo(
    id = "DMA-MAP-004",
    title = "unmap direction differs from map direction",
    severity = Severity.WARNING,
    on = {Op.UNMAP, Op.FREE, Op.UNMAP_SG},
    signs = Sign.OTHER_DIRECTION,
    needs = {Family.SINGLE, Family.SG, Family.ALLOC},
    kernelSource = "kernel/dma/debug.c check_unmap()",
    kernelMessage =
        "device driver frees DMA memory with different direction [device address=0x%016llx]"
            + " [size=%llu bytes] [mapped with %s] [unmapped with %s]",
    confidenceNotes =
        "suspect where events were lost since it was mapped, or the driver leaves out unmaps; not"
            + " asked where the layout carries no direction")
final class UnmapDirectionMismatch implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    MappedObject object = t.object();
    if (object == null
        || object.direction() == t.direction()
        || object.direction() == DmaDirection.UNKNOWN
        || t.direction() == DmaDirection.UNKNOWN) {
      return;
    }
    out.report(
        this,
        List.of(new Stands(object)),
        "unmapped with another direction %s [mapped_with=%s] [unmapped_with=%s]"
            .formatted(Evidence.where(t), object.direction(), t.direction()),
        Evidence.mapped(object));
  }
}
