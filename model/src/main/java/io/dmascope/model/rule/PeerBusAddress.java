package io.dmascope.model.rule;

import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** P2P-002: the address of peer memory is neither on the bus, nor physical, nor translated. */
@RuleInfo(
    id = "P2P-002",
    title = "wrong bus address of peer memory",
    severity = Severity.ERROR,
    on = Op.MAP_SG,
    needs = Family.SG,
    facts = Fact.BARS,
    kernelSource = "drivers/pci/p2pdma.c pci_p2pdma_bus_addr_map()",
    confidenceNotes =
        "certain where the manifest tells the window's bus address; suspect behind an IOMMU whose"
            + " page-table events are not recorded, or were lost; silent where a path is not"
            + " supported at all (P2P-004)")
final class PeerBusAddress implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    for (PeerEntry entry : PeerEntry.of(t)) {
      boolean right =
          entry.translated()
              || entry.atBus()
              || (entry.atPhysical() && !t.device().translated())
              || entry.owner().busOffset().isEmpty()
              || entry.notSupported()
              || t.bounce() != null;
      if (right) {
        continue;
      }
      long busAddr = entry.physAddr() + entry.owner().busOffset().getAsLong();
      out.report(
          this,
          List.of(
              NothingLost.ever(),
              Premise.given(
                  t.state().counts().seen(Family.IOMMU) || t.device().isDirect(),
                  Reason.NO_PAGE_TABLES)),
          "an entry of %s's memory has not its bus address %s [phys_addr=%s] [bus_addr=%s]"
              .formatted(
                  entry.owner().device(),
                  Evidence.where(entry.dmaAddr(), entry.sizeBytes()),
                  Addresses.hex(entry.physAddr()),
                  Addresses.hex(busAddr)),
          List.of());
      return;
    }
  }
}
