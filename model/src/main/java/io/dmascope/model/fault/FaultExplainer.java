package io.dmascope.model.fault;

import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.CaptureState;
import io.dmascope.model.mapping.Device;
import io.dmascope.model.mapping.EventCounts.Family;
import io.dmascope.model.mapping.Range;
import io.dmascope.model.mapping.Tasks;
import io.dmascope.model.mapping.Transition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Spells a verdict about a fault out, and shows what lies around the address. */
public final class FaultExplainer {
  private FaultExplainer() {}

  /**
   * Explains a fault that the transition looked up.
   *
   * @param t of {@code Op.FAULT}, for {@code fault}
   */
  public static FaultExplanation explain(IoPageFault fault, Transition t) {
    FaultVerdict verdict = FaultVerdict.of(t);
    Optional<FaultPiece> cause = Optional.ofNullable(verdict.range()).map(FaultPiece::of);
    return new FaultExplanation(
        fault,
        EventRef.of(fault.header()),
        verdict.kind(),
        cause,
        verdict.verdict().because(),
        unless(verdict.range(), t.formerly()),
        unless(verdict.range(), t.surrounding()),
        unknown(t, verdict));
  }

  /** What lies around the address; costs a look at every mapping in the worst case. */
  public static FaultSurroundings surroundings(Transition t) {
    return new FaultSurroundings(Surroundings.of(t, t.dmaAddr()), elsewhere(t));
  }

  private static Optional<FaultPiece> unless(Range cause, Range range) {
    return range == null || range.equals(cause)
        ? Optional.empty()
        : Optional.of(FaultPiece.of(range));
  }

  private static Optional<FaultPiece> elsewhere(Transition t) {
    CaptureState state = t.state();
    Range found = null;
    for (int id = 0; id < state.devices().size(); id++) {
      Device device = state.devices().at(id);
      if (device == t.device()) {
        continue;
      }
      Range range =
          state.mappings().ranges().containing(id, t.direction(), t.dmaAddr(), t.dmaAddr());
      if (range != null && (found == null || isPeer(device, t.device()))) {
        found = range;
        if (isPeer(device, t.device())) {
          break;
        }
      }
    }
    return Optional.ofNullable(found).map(FaultPiece::of);
  }

  private static boolean isPeer(Device a, Device b) {
    return a.group() >= 0 && a.group() == b.group();
  }

  private static List<String> unknown(Transition t, FaultVerdict verdict) {
    CaptureState state = t.state();
    List<String> unknown = new ArrayList<>();
    boolean restsOnHistory =
        verdict.kind() == FaultKind.NEVER_MAPPED || verdict.kind() == FaultKind.PAST_END;
    if (restsOnHistory && !state.completeStart() && !t.device().bornInCapture()) {
      unknown.add("what was mapped before the recording began");
    }
    if (state.losses().any()) {
      EventsLost last = state.losses().last();
      unknown.add(
          "what the %s tell, the last of them lost%s %s before"
              .formatted(
                  state.losses().lost() == 1
                      ? "event that was lost would"
                      : state.losses().lost() + " events that were lost would",
                  last.header().cpu() < 0 ? "" : " on CPU " + last.header().cpu(),
                  Durations.toText(t.header().timestampNs() - last.header().timestampNs())));
    }
    if (state.mappings().forgotten() > 0) {
      unknown.add(
          "the %d mappings that ended longest ago, which are no longer remembered"
              .formatted(state.mappings().forgotten()));
    }
    if (t.timeErrorNs() == IoPageFault.TIME_UNKNOWN) {
      unknown.add("when it happened: the kernel log's clock could not be joined with the trace's");
    } else if (t.timeErrorNs() > 0) {
      unknown.add(
          "when exactly it happened: the kernel log tells it to within %s"
              .formatted(Durations.toText(t.timeErrorNs())));
    }
    if (!t.accessKnown()) {
      unknown.add("whether it was a read or a write");
    }
    if (verdict.kind() == FaultKind.NEVER_MAPPED) {
      unknown.add(
          state.counts().seen(Family.IOMMU)
              ? pageTables(state.tasks().unclaimedOver(t.dmaAddr()))
              : "page tables: no iommu:map was recorded, so that VFIO, the two-step API and the"
                  + " like left no trace");
    }
    return unknown;
  }

  private static String pageTables(Tasks.Run run) {
    return run == null
        ? "mappings of VFIO, of the two-step API and the like, which have no event of the DMA API"
        : "whose %s + %s is, which was mapped %s and has no event of the DMA API"
            .formatted(
                Addresses.hex(run.iova()),
                Long.toUnsignedString(run.sizeBytes()),
                run.header().pid() > 0
                    ? "by " + run.header().comm() + "-" + run.header().pid()
                    : "at page-table level");
  }
}
