package io.dmascope.model.rule;

import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.MemoryMap;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Transition;
import io.dmascope.model.p2p.PeerMemory;
import io.dmascope.model.rig.MemoryRange;
import java.util.List;
import java.util.Optional;

/** DMA-MAP-015: RAM mapped as device memory, or device memory mapped as RAM. */
@RuleInfo(
    id = "DMA-MAP-015",
    title = "memory mapped with the wrong kind of call",
    severity = Severity.WARNING,
    on = Op.MAP,
    needs = Family.SINGLE,
    facts = Fact.MEMORY_MAP,
    kernelSource = "kernel/dma/debug.c debug_dma_map_phys()",
    kernelMessage = "dma_map_resource called for RAM address %pa",
    confidenceNotes =
        "certain for RAM mapped as MMIO, and for a device's own window mapped as RAM; silent for"
            + " memory that is neither, such as reserved, persistent or hot-plugged")
final class RamMmioConfusion implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    long first = t.object().physAddr();
    if (t.kind() == MappingKind.RESOURCE) {
      ramAsMmio(t, first, Addresses.last(first, t.sizeBytes()), out);
    } else if (t.kind() == MappingKind.SINGLE) {
      windowAsRam(t, first, out);
    }
  }

  private void ramAsMmio(Transition t, long first, long last, Findings out) {
    MemoryMap memory = t.state().rig().memory();
    MemoryRange at = memory.firstIn(first, last);
    if (at == null || !at.name().equals(MemoryRange.SYSTEM_RAM)) {
      return;
    }
    out.report(
        this,
        List.of(),
        "maps RAM as device memory %s [phys_addr=%s]"
            .formatted(Evidence.where(t), Addresses.hex(first)),
        List.of());
  }

  private void windowAsRam(Transition t, long first, Findings out) {
    Optional<PeerMemory.Owner> owner = t.state().rig().peers().owner(first);
    if (owner.isEmpty() || ram(t.state().rig().memory(), first)) {
      return;
    }
    out.report(
        this,
        List.of(),
        "maps device memory as RAM %s [phys_addr=%s] [owner=%s] [bar=%d]"
            .formatted(
                Evidence.where(t), Addresses.hex(first), owner.get().device(), owner.get().bar()),
        List.of());
  }

  private static boolean ram(MemoryMap memory, long addr) {
    MemoryRange at = memory.at(addr);
    return at != null && at.name().equals(MemoryRange.SYSTEM_RAM);
  }
}
