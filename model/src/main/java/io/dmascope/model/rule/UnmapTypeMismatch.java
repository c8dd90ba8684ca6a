package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.Stands;
import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-MAP-005: mapped by one family of functions, unmapped by another. */
@RuleInfo(
    id = "DMA-MAP-005",
    title = "unmapped with the wrong function",
    severity = Severity.WARNING,
    on = {Op.UNMAP, Op.FREE},
    signs = Sign.OTHER_KIND,
    needs = {Family.SINGLE, Family.SG, Family.ALLOC},
    kernelSource = "kernel/dma/debug.c check_unmap()",
    kernelMessage =
        "device driver frees DMA memory with wrong function [device address=0x%016llx] [size=%llu"
            + " bytes] [mapped as %s] [unmapped as %s]",
    confidenceNotes =
        "suspect where events were lost since it was mapped, or the driver leaves out unmaps")
final class UnmapTypeMismatch implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    MappedObject object = t.object();
    if (object == null || object.kind() == t.kind()) {
      return;
    }
    out.report(
        this,
        List.of(new Stands(object)),
        "unmapped with the wrong function %s [mapped_as=%s] [unmapped_as=%s]"
            .formatted(Evidence.where(t), object.kind().debugName(), t.kind().debugName()),
        Evidence.mapped(object));
  }
}
