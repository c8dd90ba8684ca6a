package io.dmascope.model.fault;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.Doubt;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Verdict;
import io.dmascope.model.mapping.Addresses;
import io.dmascope.model.mapping.FaultDevice;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Premise;
import io.dmascope.model.mapping.Premise.Given;
import io.dmascope.model.mapping.Premise.HistoryRemembered;
import io.dmascope.model.mapping.Premise.NeverMade;
import io.dmascope.model.mapping.Premise.NothingLost;
import io.dmascope.model.mapping.Premise.Stands;
import io.dmascope.model.mapping.Range;
import io.dmascope.model.mapping.Transition;
import java.util.ArrayList;
import java.util.List;

/**
 * The one judgement of a fault that the rules and {@code dmascope fault} share. Valid as long as
 * its transition.
 *
 * @param range the mapping that explains it; null for {@link FaultKind#NEVER_MAPPED}
 * @param verdict what it rests on, and what may explain it away
 */
public record FaultVerdict(FaultKind kind, Range range, Verdict verdict) {
  /*
   * Which of two explanations is told first, and no more: both make the verdict suspect. A device that is late is late by what it takes to finish: microseconds, some milliseconds with a full queue; lazy mode
   * hides it for up to 10 ms more (drivers/iommu/dma-iommu.c IOVA_DEFAULT_FQ_TIMEOUT). What was unmapped longer ago, and
   * before the neighbour that ends right here was mapped, is the less likely cause.
   */
  private static final long LATE_NS_MAX = 20_000_000L;

  /** Judges a transition of {@code Op.FAULT}. */
  public static FaultVerdict of(Transition t) {
    if (t.faultDevice() == FaultDevice.SEVERAL) {
      return verdict(t, FaultKind.NO_DEVICE, null);
    }
    if (t.object() != null) {
      return live(t, t.range());
    }
    if (t.formerly() == null) {
      return t.surrounding() == null ? neverMapped(t) : pastEnd(t);
    }
    if (ranOver(t)) {
      return pastEnd(t);
    }
    return ended(t, t.formerly());
  }

  private static FaultVerdict live(Transition t, Range range) {
    MappedObject object = range.owner();
    if (!t.accessKnown() || allows(object.direction(), t.write())) {
      return verdict(t, FaultKind.ALLOWED, range, new Stands(object));
    }
    return verdict(
        t,
        FaultKind.AGAINST_DIRECTION,
        range,
        timeKnown(t, object.lastMapped()),
        new Stands(object));
  }

  private static FaultVerdict ended(Transition t, Range range) {
    MappedObject object = range.owner();
    Given time = timeKnown(t, object.released());
    // A wrong direction alone explains it while the mapping lived; afterwards two things had to go
    // wrong.
    boolean against = !time.holds() && t.accessKnown() && !allows(object.direction(), t.write());
    return verdict(
        t,
        against ? FaultKind.AGAINST_DIRECTION : FaultKind.AFTER_UNMAP,
        range,
        time,
        NothingLost.since(object.firstMapped()),
        new Given(
            !mayHaveRunOver(t),
            t.surrounding() == null
                ? Doubt.of(Reason.DEVICE_UNNAMED)
                : Doubt.of(Reason.MAY_HAVE_RUN_OVER, Addresses.hex(t.surrounding().addr()))));
  }

  /**
   * True where the page follows a live mapping that allows the access: a device that goes on past
   * its end faults on the page's first byte. What lies further in was not run into.
   */
  private static boolean mayHaveRunOver(Transition t) {
    Range before = t.surrounding();
    return before != null
        && before.owner().live()
        && (t.dmaAddr() & (Addresses.IOMMU_GRANULE - 1)) == 0
        && (!t.accessKnown() || allows(before.owner().direction(), t.write()));
  }

  private static FaultVerdict pastEnd(Transition t) {
    Range range = t.surrounding();
    return verdict(
        t,
        FaultKind.PAST_END,
        range,
        timeKnown(t, range.owner().lastMapped()),
        neverMade(t),
        new HistoryRemembered(),
        new Given(
            t.formerly() == null,
            t.formerly() == null
                ? Doubt.of(Reason.DEVICE_UNNAMED)
                : Doubt.of(Reason.MAY_BE_AFTER_UNMAP, Addresses.hex(t.formerly().addr()))));
  }

  private static FaultVerdict neverMapped(Transition t) {
    return verdict(t, FaultKind.NEVER_MAPPED, null, neverMade(t), new HistoryRemembered());
  }

  private static NeverMade neverMade(Transition t) {
    return new NeverMade(t.device(), t.noPageTableRemoval());
  }

  private static FaultVerdict verdict(
      Transition t, FaultKind kind, Range range, Premise... premises) {
    List<Premise> all = new ArrayList<>(List.of(premises));
    all.addFirst(device(t));
    return new FaultVerdict(kind, range, t.state().weighing().verdict(all));
  }

  /** The fault names its device, and it is the device whose requests they were. */
  private static Given device(Transition t) {
    boolean aliased = t.alias() != null;
    Doubt doubt =
        aliased
            ? Doubt.of(Reason.ALIAS, t.device().name(), t.alias().name())
            : t.faultDevice() == FaultDevice.INFERRED
                ? Doubt.of(Reason.DEVICE_INFERRED, t.device().name())
                : Doubt.of(Reason.DEVICE_UNNAMED);
    return new Given(!aliased && t.faultDevice() == FaultDevice.NAMED, doubt);
  }

  private static boolean ranOver(Transition t) {
    Range before = t.surrounding();
    if (before == null) {
      return false;
    }
    EventHeader ended = t.formerly().owner().released();
    boolean olderThanNeighbour = ended.sequence() < before.owner().lastMapped().sequence();
    boolean longAgo = t.header().timestampNs() - ended.timestampNs() > LATE_NS_MAX;
    return olderThanNeighbour
        && longAgo
        && (!t.accessKnown() || allows(before.owner().direction(), t.write()));
  }

  /** What {@code drivers/iommu/dma-iommu.c dma_info_to_prot()} lets the device do. */
  static boolean allows(DmaDirection direction, boolean write) {
    return switch (direction) {
      case BIDIRECTIONAL, UNKNOWN -> true;
      case FROM_DEVICE -> write;
      case TO_DEVICE -> !write;
      case NONE -> false;
    };
  }

  /** The fault cannot have happened on the other side of that event. */
  private static Given timeKnown(Transition t, EventHeader event) {
    boolean close =
        t.timeErrorNs() != 0 && t.header().timestampNs() - event.timestampNs() <= t.timeErrorNs();
    return new Given(!close, Doubt.of(Reason.COARSE_TIME));
  }
}
