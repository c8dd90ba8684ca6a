package io.dmascope.model.rule;

import io.dmascope.model.backend.IommuSgLayout;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.DeviceRig;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Range;
import io.dmascope.model.mapping.Transition;
import io.dmascope.model.scatterlist.PhysList;
import java.util.List;
import java.util.Optional;

/** DMA-SG-007: the segments are not those that the kernel's merging makes of the entries. */
@RuleInfo(
    id = "DMA-SG-007",
    title = "segments differ from what merging gives",
    severity = Severity.ERROR,
    on = Op.MAP_SG,
    needs = Family.IOMMU,
    facts = {Fact.MAX_SEGMENT_SIZE, Fact.SEGMENT_BOUNDARY},
    kernelSource = "drivers/iommu/dma-iommu.c __finalise_sg()",
    confidenceNotes =
        "always suspect: the limits of the manifest are more likely to be wrong than the kernel's"
            + " merging; an error where fewer segments came back than the limits allow, otherwise"
            + " an info. Silent where DMA-SG-005 or DMA-SG-006 speaks, where entries are peer"
            + " memory, and where the page-table runs do not determine the entries")
final class MergeModelMismatch implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    DeviceRig rig = t.state().rig().of(t.device());
    if (rig.maxSegmentSizeBytes() == 0
        || rig.segmentBoundaryMask() == 0
        || t.runs().isEmpty()
        || beyondLimits(t.object(), rig)
        || SgMerge.hasPeerMemory(t)) {
      return;
    }
    Optional<PhysList> inputs = SgMerge.inputs(t);
    if (inputs.isEmpty()
        || !(predict(t, rig, inputs.get()) instanceof Mapping predicted)
        || agree(t.object(), predicted)) {
      return;
    }
    boolean fewer = t.ents() < predicted.ents();
    out.report(
        this,
        fewer ? Severity.ERROR : Severity.INFO,
        List.of(Premise.unknowable(Reason.OTHER_LIMITS)),
        "the segments are not those that merging gives %s [ents=%d] [expected_ents=%d] [max_segment_size=%d]"
            .formatted(Evidence.where(t), t.ents(), predicted.ents(), rig.maxSegmentSizeBytes()),
        List.of());
  }

  private static Object predict(Transition t, DeviceRig rig, PhysList inputs) {
    return IommuSgLayout.of(
            inputs, t.state().granule(), rig.segmentBoundaryMask(), rig.maxSegmentSizeBytes())
        .at(t.runs().getFirst().iova());
  }

  private static boolean beyondLimits(MappedObject list, DeviceRig rig) {
    for (int i = 0; i < list.rangeCount(); i++) {
      Range range = list.range(i);
      if (Long.compareUnsigned(range.sizeBytes(), rig.maxSegmentSizeBytes()) > 0
          || ((range.addr() ^ range.lastAddr()) & ~rig.segmentBoundaryMask()) != 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean agree(MappedObject list, Mapping predicted) {
    if (list.rangeCount() != predicted.ents()) {
      return false;
    }
    for (int i = 0; i < list.rangeCount(); i++) {
      if (list.range(i).addr() != predicted.dmaAddrs().at(i)
          || list.range(i).sizeBytes() != predicted.lengths().at(i)) {
        return false;
      }
    }
    return true;
  }
}
