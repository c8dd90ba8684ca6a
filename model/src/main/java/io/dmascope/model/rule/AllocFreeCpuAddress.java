package io.dmascope.model.rule;

import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.Stands;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-MAP-018: a buffer is freed by two addresses, and they have to belong together. */
@RuleInfo(
    id = "DMA-MAP-018",
    title = "freed with another CPU address than allocated",
    severity = Severity.WARNING,
    on = Op.FREE,
    needs = Family.ALLOC,
    kernelSource = "kernel/dma/debug.c check_unmap()",
    kernelMessage =
        "device driver frees DMA memory with different CPU address [device address=0x%016llx]"
            + " [size=%llu bytes] [cpu alloc address=0x%pa] [cpu free address=0x%pa]",
    confidenceNotes = "suspect where events were lost since it was allocated")
final class AllocFreeCpuAddress implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    MappedObject object = t.object();
    if (object == null
        || object.kind() != t.kind()
        || t.kind() == MappingKind.NONCONTIGUOUS
        || t.cpuAddr() == 0
        || object.physAddr() == 0
        || object.physAddr() == t.cpuAddr()) {
      return;
    }
    out.report(
        this,
        List.of(new Stands(object)),
        "frees with another CPU address %s [alloc_virt_addr=%s] [free_virt_addr=%s]"
            .formatted(
                Evidence.where(t), Addresses.hex(object.physAddr()), Addresses.hex(t.cpuAddr())),
        Evidence.mapped(object));
  }
}
