package io.dmascope.model.rule;

import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Premise.Stands;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** P2P-005: a device went away while others have its memory mapped. */
@RuleInfo(
    id = "P2P-005",
    title = "peer memory mapped beyond its device's removal",
    severity = Severity.ERROR,
    on = Op.DEVICE_GONE,
    needs = {Family.SINGLE, Family.SG},
    facts = Fact.BARS,
    kernelSource = "drivers/pci/p2pdma.c pci_p2pdma_release()",
    confidenceNotes =
        "asked when a device leaves its IOMMU group, once a device; suspect where events were lost"
            + " since, and where the client is mapped directly, so that its driver may leave out"
            + " unmaps")
final class ProviderGone implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    MappedObject orphan = t.orphan();
    out.report(
        this,
        List.of(
            new Stands(orphan),
            Premise.given(orphan.device().translated(), Reason.CLIENT_MAY_HAVE_STOPPED)),
        "the device goes while its memory is mapped for %s [mappings=%d] [dma_addr=%s] [size=%s]"
            .formatted(
                orphan.device().name(),
                t.orphans(),
                Addresses.hex(t.dmaAddr()),
                Long.toUnsignedString(t.sizeBytes())),
        Evidence.mapped(orphan));
  }
}
