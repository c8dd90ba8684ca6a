package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.Stands;
import io.dmascope.model.mapping.Range;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-SYN-002: a sync begins inside a mapping and ends outside. */
@RuleInfo(
    id = "DMA-SYN-002",
    title = "sync crosses the end of its mapping",
    severity = Severity.ERROR,
    on = {Op.SYNC, Op.SYNC_SG},
    needs = Family.SYNC,
    kernelSource = "kernel/dma/debug.c check_sync()",
    kernelMessage =
        "device driver syncs DMA memory outside allocated range [device address=0x%016llx]"
            + " [allocation size=%llu bytes] [sync offset+size=%llu]",
    confidenceNotes =
        "suspect where events were lost since it was mapped. The kernel reports it as a sync of"
            + " memory not allocated")
final class SyncOutOfRange implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    if (t.object() != null || t.surrounding() == null) {
      return;
    }
    Range range = t.surrounding();
    out.report(
        this,
        List.of(new Stands(range.owner())),
        "syncs past the end of its mapping %s [mapped_at=%s] [mapped_size=%d] [sync_end=%d]"
            .formatted(
                Evidence.where(t),
                Addresses.hex(range.addr()),
                range.sizeBytes(),
                t.dmaAddr() - range.addr() + t.sizeBytes()),
        Evidence.mapped(range.owner()));
  }
}
