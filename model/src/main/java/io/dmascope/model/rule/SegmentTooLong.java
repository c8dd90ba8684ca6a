package io.dmascope.model.rule;

import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Transition;
import io.dmascope.model.scatterlist.PhysList;
import java.util.List;
import java.util.Optional;

/** DMA-SG-005: a mapped segment is longer than the device takes. */
@RuleInfo(
    id = "DMA-SG-005",
    title = "segment longer than the device takes",
    severity = Severity.WARNING,
    on = {Op.MAP_SG, Op.ALLOC},
    needs = {Family.SG, Family.ALLOC},
    facts = Fact.MAX_SEGMENT_SIZE,
    kernelSource = "kernel/dma/debug.c check_sg_segment()",
    kernelMessage = "mapping sg segment longer than device claims to support [len=%u] [max=%u]",
    confidenceNotes =
        "certain where nothing was merged, so that the entry went in as it is; suspect for a merged"
            + " segment whose entries are not known, since one entry beyond the limit lifts it for"
            + " those that follow")
final class SegmentTooLong implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    long max = t.state().rig().of(t.device()).maxSegmentSizeBytes();
    if (max == 0 || (t.op() == Op.ALLOC && t.kind() != MappingKind.NONCONTIGUOUS)) {
      return;
    }
    MappedObject object = t.object();
    for (int i = 0; i < object.rangeCount(); i++) {
      long size = object.range(i).sizeBytes();
      if (Long.compareUnsigned(size, max) > 0) {
        boolean merged = t.op() == Op.MAP_SG && t.ents() < t.nents();
        Optional<PhysList> inputs = merged ? SgMerge.inputs(t) : Optional.empty();
        boolean given = !merged || inputs.filter(list -> SgMerge.longest(list) > max).isPresent();
        out.report(
            this,
            List.of(Premise.given(given || inputs.isPresent(), Reason.LONGER_ENTRY)),
            "%s longer than the device takes [segment=%d] %s [max_segment_size=%d]"
                .formatted(
                    given ? "was given an entry" : "maps a segment",
                    i,
                    Evidence.where(object.range(i).addr(), size),
                    max),
            List.of());
        return;
      }
    }
  }
}
