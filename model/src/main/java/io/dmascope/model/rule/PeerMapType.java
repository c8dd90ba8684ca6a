package io.dmascope.model.rule;

import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import io.dmascope.model.p2p.P2pMapType;
import java.util.List;

/** P2P-001: peer memory was mapped another way than the PCI tree demands. */
@RuleInfo(
    id = "P2P-001",
    title = "peer memory mapped against the topology",
    severity = Severity.ERROR,
    on = Op.MAP_SG,
    needs = Family.SG,
    facts = {Fact.BARS, Fact.PCI_TREE},
    kernelSource = "drivers/pci/p2pdma.c calc_map_type_and_dist()",
    confidenceNotes =
        "certain where the manifest tells the ACS of every function on both ways up, and the"
            + " processor; asked where bus and translated addresses can be told apart, and of lists"
            + " without merging")
final class PeerMapType implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    for (PeerEntry entry : PeerEntry.of(t)) {
      P2pMapType demanded = entry.path().map(path -> path.mapType()).orElse(null);
      P2pMapType made = made(t, entry);
      if (demanded == null
          || demanded == P2pMapType.NOT_SUPPORTED
          || made == null
          || made == demanded) {
        continue;
      }
      String provider = entry.owner().device();
      out.report(
          this,
          List.of(PeerEntry.pathKnown(t.state().rig(), provider, t.device().name())),
          "memory of %s was mapped as %s and the topology demands %s %s [phys_addr=%s]"
              .formatted(
                  provider,
                  made,
                  demanded,
                  Evidence.where(entry.dmaAddr(), entry.sizeBytes()),
                  Addresses.hex(entry.physAddr())),
          List.of());
      return;
    }
  }

  /** How the entry was mapped; null where it could be either, or is wrong in itself. */
  private static P2pMapType made(Transition t, PeerEntry entry) {
    if (entry.translated()) {
      return P2pMapType.THRU_HOST_BRIDGE;
    }
    if (t.device().translated()) {
      return entry.atBus() ? P2pMapType.BUS_ADDR : null;
    }
    if (entry.atBus() == entry.atPhysical()) {
      return null;
    }
    return entry.atBus() ? P2pMapType.BUS_ADDR : P2pMapType.THRU_HOST_BRIDGE;
  }
}
