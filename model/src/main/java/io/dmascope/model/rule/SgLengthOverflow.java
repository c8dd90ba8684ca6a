package io.dmascope.model.rule;

import io.dmascope.model.event.ProbeEvent.SgTable;
import io.dmascope.model.event.ProbeEvent.SgTable.Stage;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Device;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Range;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-SG-016: a segment, padded to the IOMMU's pages, is shorter than 4 GiB. */
@RuleInfo(
    id = "DMA-SG-016",
    title = "segment too long for 32 bits",
    severity = Severity.ERROR,
    on = {Op.SG_TABLE, Op.MAP_SG, Op.ALLOC},
    needs = {Family.SG_TABLE, Family.SG, Family.ALLOC},
    kernelSource = "drivers/iommu/dma-iommu.c iommu_dma_map_sg()",
    confidenceNotes =
        "certain for a length beyond 32 bits and for a device behind an IOMMU; suspect where it is"
            + " not recorded whether the device is behind one")
final class SgLengthOverflow implements Rule {
  private static final long LENGTH_MAX = 0xffff_ffffL;
  private static final long GRANULE = 4096;

  @Override
  public void inspect(Transition t, Findings out) {
    if (t.op() != Op.SG_TABLE) {
      inspectMapped(t, out);
      return;
    }
    SgTable event = (SgTable) t.probe();
    if (event.stage() == Stage.BUILDING || event.stage() == Stage.UNMAPPED) {
      return;
    }
    RecordedTable table = new RecordedTable(event);
    for (int entry = 0; entry < table.size(); entry++) {
      long length = table.length(entry);
      boolean tooLong = Long.compareUnsigned(length, LENGTH_MAX) > 0;
      if (tooLong || (paddedLength(table, entry) > LENGTH_MAX && !isDirect(t.device()))) {
        out.report(
            this,
            List.of(Premise.given(tooLong || isTranslated(t.device()), Reason.NO_BACKEND)),
            "a segment %s 32 bits [entry=%d] [offset=%d] [length=%s] %s"
                .formatted(
                    tooLong ? "is longer than" : "and its padding are longer than",
                    entry,
                    table.offset(entry),
                    Long.toUnsignedString(length),
                    table.facts()),
            List.of());
        return;
      }
    }
  }

  private void inspectMapped(Transition t, Findings out) {
    if (t.op() == Op.ALLOC && t.kind() != MappingKind.NONCONTIGUOUS) {
      return; // no table, and no length of 32 bits
    }
    MappedObject object = t.object();
    for (int i = 0; i < object.rangeCount(); i++) {
      Range range = object.range(i);
      boolean translated = Runs.cover(t.runs(), range.addr());
      long padded = range.sizeBytes() + (translated ? range.addr() & (GRANULE - 1) : 0);
      if (Long.compareUnsigned(padded, LENGTH_MAX) > 0) {
        out.report(
            this,
            List.of(),
            "a segment is longer than 32 bits can say [segment=%d] %s"
                .formatted(i, Evidence.where(range.addr(), range.sizeBytes())),
            List.of());
        return;
      }
    }
  }

  /** What {@code iommu_dma_map_sg()} stores into {@code length} while it works. */
  private static long paddedLength(RecordedTable table, int entry) {
    long withOffset = table.length(entry) + (table.offset(entry) & (GRANULE - 1));
    return (withOffset + GRANULE - 1) & -GRANULE;
  }

  private static boolean isTranslated(Device device) {
    return device != null && device.translated();
  }

  private static boolean isDirect(Device device) {
    return device != null && !device.translated() && device.isDirect();
  }
}
