package io.dmascope.model.rule;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Premise.Stands;
import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/**
 * DMA-MAP-006: some attributes choose how memory was mapped, so that the unmap has to say them
 * again.
 */
@RuleInfo(
    id = "DMA-MAP-006",
    title = "unmap attributes differ from map attributes",
    severity = Severity.WARNING,
    on = {Op.UNMAP, Op.FREE, Op.UNMAP_SG},
    signs = Sign.OTHER_ATTRS,
    needs = {Family.SINGLE, Family.SG, Family.ALLOC},
    kernelSource = "kernel/dma/debug.c check_unmap()",
    kernelMessage =
        "device driver frees DMA memory with different attributes [device address=0x%016llx]"
            + " [size=%llu bytes] [mapped with 0x%lx] [unmapped with 0x%lx]",
    confidenceNotes =
        "certain on kernels 7.3 and later, which demand it; information elsewhere. SKIP_CPU_SYNC"
            + " and the like may differ")
final class UnmapAttrsMismatch implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    MappedObject object = t.object();
    if (object == null || !t.attrsTraced()) {
      return;
    }
    long differing = (object.attrs() ^ t.attrs()) & DmaAttrs.MUST_MATCH;
    if (object.kind() != t.kind()) {
      // A mapping of device memory that is unmapped as RAM is a matter of the wrong function.
      differing &= ~DmaAttrs.MMIO;
    }
    if (differing == 0) {
      return;
    }
    boolean demanded = KernelRelease.parse(t.state().facts().kernelRelease()).atLeast(7, 3);
    out.report(
        this,
        demanded ? Severity.WARNING : Severity.INFO,
        List.of(new Stands(object), Premise.given(demanded, Reason.OLDER_KERNEL)),
        "unmapped with other attributes %s [mapped_with=%s] [unmapped_with=%s]"
            .formatted(
                Evidence.where(t), DmaAttrs.toText(object.attrs()), DmaAttrs.toText(t.attrs())),
        Evidence.mapped(object));
  }
}
