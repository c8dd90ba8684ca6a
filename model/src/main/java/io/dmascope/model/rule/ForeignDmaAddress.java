package io.dmascope.model.rule;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.ProbeEvent.SgTable;
import io.dmascope.model.event.ProbeEvent.SgTable.Stage;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.RelatedEvent;
import io.dmascope.model.finding.Severity;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.CaptureState;
import io.dmascope.model.mapping.Device;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Op;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Premise.NeverMade;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Range;
import io.dmascope.model.mapping.RangeLookup;
import io.dmascope.model.mapping.SgTables;
import io.dmascope.model.mapping.Transition;
import java.util.List;

/** DMA-SG-011: a device is told only addresses that were made for it. */
@RuleInfo(
    id = "DMA-SG-011",
    title = "address in a scatterlist that was not made for the device",
    severity = Severity.ERROR,
    on = Op.SG_TABLE,
    needs = Family.SG_TABLE,
    kernelSource = "kernel/dma/mapping.c dma_map_sgtable()",
    confidenceNotes =
        "certain where every mapping of the device was recorded or the address is another device's;"
            + " suspect where it may have been mapped before the recording or in a gap")
final class ForeignDmaAddress implements Rule {
  @Override
  public void inspect(Transition t, Findings out) {
    SgTable event = (SgTable) t.probe();
    if (t.device() == null || !isHandedOver(event, t.table())) {
      return;
    }
    RecordedTable table = new RecordedTable(event);
    for (int entry = 0; entry < table.mapped(); entry++) {
      long first = table.dmaAddr(entry);
      long last = Addresses.last(first, table.dmaLength(entry));
      if (!table.isBusAddress(entry) && !isMapped(t, first, last)) {
        Range elsewhere = elsewhere(t, first, last);
        Range formerly = ranges(t).formerly(t.device().id(), first);
        out.report(
            this,
            premises(t, elsewhere, formerly),
            "a table for this device holds an address that %s %s %s"
                .formatted(
                    elsewhere == null
                        ? formerly == null ? "was never mapped for it" : "was unmapped before"
                        : "is mapped for " + elsewhere.owner().device().name() + " only",
                    table.facts(entry),
                    table.facts()),
            elsewhere != null ? Evidence.mapped(elsewhere.owner()) : life(formerly));
        return;
      }
    }
  }

  /** True where somebody is given the addresses who has not been given them before. */
  private static boolean isHandedOver(SgTable event, SgTables.Known before) {
    return switch (event.stage()) {
      case IMPORTED -> true;
      case CONSUMED ->
          before == null
              || before.stage() != Stage.IMPORTED
              || !before.device().equals(event.device());
      case BUILDING, BUILT, MAPPED, UNMAPPED -> false;
    };
  }

  private static boolean isMapped(Transition t, long first, long last) {
    int device = t.device().id();
    CaptureState state = t.state();
    boolean whole =
        ranges(t).containing(device, DmaDirection.UNKNOWN, first, first) != null
            && ranges(t).containing(device, DmaDirection.UNKNOWN, last, last) != null;
    // The two-step interface and the like make addresses that no DMA event tells of.
    return whole
        || state.tasks().unclaimedOver(first) != null
        || state.tasks().unclaimedOver(last) != null;
  }

  private static Range elsewhere(Transition t, long first, long last) {
    CaptureState state = t.state();
    // Without an IOMMU another device may have the same address for the same memory.
    int devices = Math.min(state.devices().size(), DEVICES_ASKED_MAX);
    for (int id = 0; id < devices; id++) {
      Device other = state.devices().at(id);
      if (other != t.device()) {
        Range range = ranges(t).containing(id, DmaDirection.UNKNOWN, first, last);
        if (range != null) {
          return range;
        }
      }
    }
    return null;
  }

  /** Keeps hostile captures linear. */
  private static final int DEVICES_ASKED_MAX = 256;

  private static List<Premise> premises(Transition t, Range elsewhere, Range formerly) {
    if (elsewhere == null && formerly != null) {
      return List.of(NothingLost.since(formerly.owner().released()));
    }
    boolean shared =
        elsewhere != null
            && t.device().group() >= 0
            && t.device().group() == elsewhere.owner().device().group();
    return List.of(new NeverMade(t.device(), false), Premise.given(!shared, Reason.SAME_GROUP));
  }

  private static List<RelatedEvent> life(Range range) {
    return range == null ? List.of() : Evidence.life(range.owner());
  }

  private static RangeLookup ranges(Transition t) {
    return t.state().mappings().ranges();
  }
}
