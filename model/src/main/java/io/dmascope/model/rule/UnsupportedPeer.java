package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** P2P-004: a device was given memory of a peer that it cannot reach. */
@RuleInfo(
    id = "P2P-004",
    title = "peer memory mapped over an unsupported path",
    severity = Severity.ERROR,
    on = {Op.MAP, Op.MAP_SG},
    needs = {Family.SINGLE, Family.SG},
    facts = {Fact.BARS, Fact.PCI_TREE},
    kernelSource = "drivers/pci/p2pdma.c __pci_p2pdma_update_state()",
    confidenceNotes =
        "an error in a list, which dma_map_sg refuses; a warning for dma_map_resource, which does"
            + " not ask. Certain where the manifest tells the ACS of every function on both ways"
            + " up, and the processor")
final class UnsupportedPeer implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    for (PeerEntry entry : PeerEntry.of(t)) {
      if (entry.notSupported()) {
        String provider = entry.owner().device();
        out.report(
            this,
            t.op() == Op.MAP ? Severity.WARNING : Severity.ERROR,
            List.of(PeerEntry.pathKnown(t.state().rig(), provider, t.device().name())),
            "memory of %s was mapped, which the device cannot reach %s [phys_addr=%s] [bar=%d]"
                .formatted(
                    provider,
                    Evidence.where(entry.dmaAddr(), entry.sizeBytes()),
                    Addresses.hex(entry.physAddr()),
                    entry.owner().bar()),
            List.of());
        return;
      }
    }
  }
}
