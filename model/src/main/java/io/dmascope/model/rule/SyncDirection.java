package io.dmascope.model.rule;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.Stands;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/**
 * DMA-SYN-003: a sync in a direction that the mapping does not have.
 *
 * <pre>
 * mapped       synced with                 for_cpu        for_device
 * BIDI         anything                    ok             ok
 * TO_DEVICE    TO_DEVICE                   ok             ok
 * TO_DEVICE    FROM_DEVICE, BIDIRECTIONAL  wrong, device  wrong
 *                                          only reads
 * FROM_DEVICE  FROM_DEVICE                 ok             ok
 * FROM_DEVICE  TO_DEVICE, BIDIRECTIONAL    wrong          wrong, device only writes
 * </pre>
 */
@RuleInfo(
    id = "DMA-SYN-003",
    title = "sync in a direction the mapping does not have",
    severity = Severity.WARNING,
    on = {Op.SYNC, Op.SYNC_SG},
    needs = Family.SYNC,
    kernelSource = "kernel/dma/debug.c check_sync()",
    kernelMessage =
        "device driver syncs DMA memory with different direction [device address=0x%016llx]"
            + " [size=%llu bytes] [mapped with %s] [synced with %s]",
    confidenceNotes = "suspect where events were lost since it was mapped")
final class SyncDirection implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    MappedObject object = t.object();
    if (object == null
        || object.direction() == t.direction()
        || object.direction() == DmaDirection.BIDIRECTIONAL
        || object.direction() == DmaDirection.UNKNOWN
        || t.direction() == DmaDirection.UNKNOWN) {
      return;
    }
    out.report(
        this,
        List.of(new Stands(object)),
        "synced %s with another direction%s %s [mapped_with=%s] [synced_with=%s]"
            .formatted(
                t.syncTarget() == SyncTarget.CPU ? "for the CPU" : "for the device",
                consequence(t, object),
                Evidence.where(t),
                object.direction(),
                t.direction()),
        Evidence.mapped(object));
  }

  private static String consequence(Transition t, MappedObject object) {
    if (t.syncTarget() == SyncTarget.CPU && object.direction() == DmaDirection.TO_DEVICE) {
      return ", though the device only reads";
    }
    if (t.syncTarget() == SyncTarget.DEVICE && object.direction() == DmaDirection.FROM_DEVICE) {
      return ", though the device only writes";
    }
    return "";
  }
}
