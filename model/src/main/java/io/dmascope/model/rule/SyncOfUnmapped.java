package io.dmascope.model.rule;

import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.InOrder;
import io.dmascope.model.mapping.Premise.NeverMade;
import io.dmascope.model.mapping.Premise.Stands;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-SYN-001: a sync names bytes that no live mapping of the device has. */
@RuleInfo(
    id = "DMA-SYN-001",
    title = "sync of something that is not mapped",
    severity = Severity.ERROR,
    on = {Op.SYNC, Op.SYNC_SG},
    needs = Family.SYNC,
    kernelSource = "kernel/dma/debug.c check_sync()",
    kernelMessage =
        "device driver tries to sync DMA memory it has not allocated [device address=0x%016llx]"
            + " [size=%llu bytes]",
    confidenceNotes =
        "certain where the capture shows the mapping's end; suspect where events were lost, or"
            + " where it may have been mapped before the recording began, or where another CPU maps"
            + " or unmaps it so closely that clocks may be apart")
final class SyncOfUnmapped implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    if (t.object() != null || t.surrounding() != null || t.dmaAddr() == DmaAddress.ERROR) {
      return;
    }
    if (t.formerly() == null) {
      out.report(
          this,
          List.of(new NeverMade(t.device(), t.noPageTableRemoval())),
          "syncs what was never mapped %s".formatted(Evidence.where(t)),
          List.of());
      return;
    }
    MappedObject object = t.formerly().owner();
    out.report(
        this,
        List.of(new Stands(object), new InOrder(object.released(), t.header())),
        "syncs what is already unmapped %s".formatted(Evidence.where(t)),
        Evidence.life(object));
  }
}
