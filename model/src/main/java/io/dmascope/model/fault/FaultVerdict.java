package io.dmascope.model.fault;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.mapping.MappedObject;
import io.dmascope.model.mapping.Range;
import io.dmascope.model.mapping.Transition;

/**
 * The one judgement of a fault that the rules and {@code dmascope fault} share. Valid as long as
 * its transition.
 *
 * @param range the mapping that explains it; null for {@link FaultKind#NEVER_MAPPED}
 * @param doubt what may explain the verdict away; empty where nothing does
 */
public record FaultVerdict(FaultKind kind, Range range, String doubt) {
  /*
   * A device that is late is late by what it takes to finish: microseconds, some milliseconds with a full queue; lazy mode
   * hides it for up to 10 ms more (drivers/iommu/dma-iommu.c IOVA_DEFAULT_FQ_TIMEOUT). What was unmapped longer ago, and
   * before the neighbour that ends right here was mapped, is the less likely cause.
   */
  private static final long LATE_NS_MAX = 20_000_000L;

  private static final String COARSE =
      "the fault's time is known only from the kernel log, too coarsely to say which came first";

  /** Judges a transition of {@code Op.FAULT}. */
  public static FaultVerdict of(Transition t) {
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
      return new FaultVerdict(FaultKind.ALLOWED, range, t.doubtAbout(object));
    }
    return new FaultVerdict(
        FaultKind.AGAINST_DIRECTION,
        range,
        first(doubtOfTime(t, object.lastMapped()), t.doubtAbout(object)));
  }

  private static FaultVerdict ended(Transition t, Range range) {
    MappedObject object = range.owner();
    String coarse = doubtOfTime(t, object.released());
    // A wrong direction alone explains it while the mapping lived; afterwards two things had to go
    // wrong.
    boolean against =
        !coarse.isEmpty() && t.accessKnown() && !allows(object.direction(), t.write());
    return new FaultVerdict(
        against ? FaultKind.AGAINST_DIRECTION : FaultKind.AFTER_UNMAP,
        range,
        first(coarse, t.doubtSince(object.firstMapped())));
  }

  private static FaultVerdict pastEnd(Transition t) {
    Range range = t.surrounding();
    return new FaultVerdict(
        FaultKind.PAST_END,
        range,
        first(doubtOfTime(t, range.owner().lastMapped()), doubtOfHistory(t)));
  }

  private static FaultVerdict neverMapped(Transition t) {
    return new FaultVerdict(FaultKind.NEVER_MAPPED, null, doubtOfHistory(t));
  }

  private static String doubtOfHistory(Transition t) {
    return first(
        t.doubtUnseen(),
        t.state().mappings().forgotten() > 0 ? "older mappings are no longer remembered" : "");
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

  /**
   * A doubt where the fault may have happened on the other side of that event; empty where it
   * cannot.
   */
  private static String doubtOfTime(Transition t, EventHeader event) {
    return t.timeErrorNs() != 0 && t.header().timestampNs() - event.timestampNs() <= t.timeErrorNs()
        ? COARSE
        : "";
  }

  private static String first(String... doubts) {
    for (String doubt : doubts) {
      if (!doubt.isEmpty()) {
        return doubt;
      }
    }
    return "";
  }
}
