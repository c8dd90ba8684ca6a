package io.dmascope.model.rule;

import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Range;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-SG-006: a mapped segment crosses a boundary that the device cannot cross. */
@RuleInfo(
    id = "DMA-SG-006",
    title = "segment crosses the device's boundary",
    severity = Severity.WARNING,
    on = {Op.MAP_SG, Op.ALLOC},
    needs = {Family.SG, Family.ALLOC},
    facts = Fact.SEGMENT_BOUNDARY,
    kernelSource = "kernel/dma/debug.c check_sg_segment()",
    kernelMessage =
        "mapping sg segment across boundary [start=0x%016llx] [end=0x%016llx] [boundary=0x%016llx]",
    confidenceNotes = "always certain: the segment is in the event, the boundary in the manifest")
final class SegmentAcrossBoundary implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    long mask = t.state().rig().of(t.device()).segmentBoundaryMask();
    if (mask == 0 || (t.op() == Op.ALLOC && t.kind() != MappingKind.NONCONTIGUOUS)) {
      return;
    }
    MappedObject object = t.object();
    for (int i = 0; i < object.rangeCount(); i++) {
      Range range = object.range(i);
      if (range.sizeBytes() != 0 && ((range.addr() ^ range.lastAddr()) & ~mask) != 0) {
        out.report(
            this,
            List.of(),
            "a segment crosses the device's boundary [segment=%d] %s [boundary=%s]"
                .formatted(i, Evidence.where(range.addr(), range.sizeBytes()), Addresses.hex(mask)),
            List.of());
        return;
      }
    }
  }
}
