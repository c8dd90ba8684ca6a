package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise.Stands;
import io.dmascope.model.mapping.Sign;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-MAP-003: with an IOMMU, a wrong size frees a wrong piece of the address space. */
@RuleInfo(
    id = "DMA-MAP-003",
    title = "unmap size differs from map size",
    severity = Severity.ERROR,
    on = {Op.UNMAP, Op.FREE},
    signs = Sign.OTHER_SIZE,
    needs = {Family.SINGLE, Family.ALLOC},
    kernelSource = "kernel/dma/debug.c check_unmap()",
    kernelMessage =
        "device driver frees DMA memory with different size [device address=0x%016llx] [map"
            + " size=%llu bytes] [unmap size=%llu bytes]",
    confidenceNotes =
        "suspect where events were lost since it was mapped, or the driver leaves out unmaps")
final class UnmapSizeMismatch implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    if (t.object() == null || t.range().sizeBytes() == t.sizeBytes()) {
      return;
    }
    boolean translated = t.object().translation() == MappedObject.Translation.IOMMU;
    out.report(
        this,
        translated ? Severity.ERROR : Severity.WARNING,
        List.of(new Stands(t.object())),
        "unmaps %s bytes of a mapping of %s [dma_addr=%s] [map_size=%s] [unmap_size=%s]"
            .formatted(
                Long.toUnsignedString(t.sizeBytes()),
                Long.toUnsignedString(t.range().sizeBytes()),
                Addresses.hex(t.dmaAddr()),
                Long.toUnsignedString(t.range().sizeBytes()),
                Long.toUnsignedString(t.sizeBytes())),
        Evidence.mapped(t.object()));
  }
}
