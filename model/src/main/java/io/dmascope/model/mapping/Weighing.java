package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.finding.Doubt;
import io.dmascope.model.finding.Reason;
import io.dmascope.model.finding.Verdict;
import io.dmascope.model.finding.Violation;
import java.util.List;
import java.util.Optional;

/**
 * The one place that knows why a premise may be false: the recording began late, lost events, left
 * something out, may stand in the wrong order, or the driver makes use of a licence.
 */
public final class Weighing {
  /*
   * Mappings made before the recording began may end inside it. Streaming ones do so soon: while a device that evidently
   * was at work before is in its first seconds, an address may have an older owner that was never seen.
   */
  private static final long START_PHASE_NS = 2_000_000_000L;

  private static final Optional<Doubt> NONE = Optional.empty();

  private final CaptureState state;

  Weighing(CaptureState state) {
    this.state = state;
  }

  /** The verdict that rests on them: in doubt where any is, for the reason of the first such. */
  public Verdict verdict(List<Premise> premises) {
    return new Verdict(premises.stream().map(Premise::kind).toList(), doubt(premises));
  }

  /** What makes the first of them doubtful that is; empty where all hold. */
  public Optional<Doubt> doubt(List<Premise> premises) {
    for (Premise premise : premises) {
      Optional<Doubt> doubt = doubt(premise);
      if (doubt.isPresent()) {
        return doubt;
      }
    }
    return NONE;
  }

  /**
   * Weighs a finding again, with what has come to light since: gaps that were told of only later,
   * and the order of events. What rests on its own event alone stays as it is, and so does what is
   * in doubt already.
   */
  public Verdict again(Violation finding) {
    Verdict verdict = finding.verdict();
    if (verdict.doubt().isPresent() || !verdict.restsOnHistory()) {
      return verdict;
    }
    EventsLost gap = state.losses().around(finding.at().sequence());
    return (gap == null
            ? state.order().foundSince(finding.at(), finding.device(), finding.dmaAddr())
            : Optional.of(Doubt.lostAround(gap)))
        .map(verdict::doubted)
        .orElse(verdict);
  }

  private Optional<Doubt> doubt(Premise premise) {
    return switch (premise) {
      case Premise.Stands stands -> stands(stands.object());
      case Premise.AllStand all ->
          state
              .order()
              .about(
                  all.device(),
                  state.mappings().oldestStartingAt(all.device().id(), all.dmaAddr()));
      case Premise.MadeStands made -> state.order().about(made.device(), made.made().sequence());
      case Premise.NothingLost lost -> lost.isEver() ? lostBefore() : lostSince(lost.since());
      case Premise.NeverMade never -> neverMade(never.device(), never.shown());
      case Premise.NeverOpened _ -> state.completeStart() ? NONE : because(Reason.OPENED_BEFORE);
      case Premise.NoOtherList other ->
          mayStand(other.device(), other.direction())
              ? neverMade(other.device(), other.shown())
              : NONE;
      case Premise.InOrder order -> state.order().between(order.first(), order.second());
      case Premise.SpaceIntact space -> disorder(space.device());
      case Premise.HistoryRemembered _ ->
          state.mappings().forgotten() > 0 ? because(Reason.HISTORY_FORGOTTEN) : NONE;
      case Premise.RunsRemembered _ ->
          state.tasks().runsDropped() ? because(Reason.RUNS_FORGOTTEN) : NONE;
      case Premise.OnlyDomain _ ->
          state.translatedDevices() > 1 ? because(Reason.NO_DEVICE_NAMED) : NONE;
      case Premise.Given given -> given.holds() ? NONE : Optional.of(given.doubt());
    };
  }

  private static Optional<Doubt> because(Reason reason) {
    return Optional.of(Doubt.of(reason));
  }

  private Optional<Doubt> stands(MappedObject object) {
    Optional<Doubt> unsure = lostSince(object.knownSince()).or(() -> state.order().about(object));
    if (unsure.isPresent()) {
      return unsure;
    }
    Device device = object.device();
    if (device.crowd()) {
      return because(Reason.CROWD);
    }
    if (device.elidesUnmaps()) {
      return because(Reason.ELIDES_UNMAPS);
    }
    if (device.translated()
        && object.translation() != MappedObject.Translation.IOMMU
        && !seenFromItsStart(device)) {
      return because(Reason.PEER_BEFORE);
    }
    return inStartPhase(device) ? because(Reason.AT_WORK_BEFORE) : NONE;
  }

  private Optional<Doubt> lostSince(long sequence) {
    Losses losses = state.losses();
    return losses.since(sequence) ? Optional.of(Doubt.lostBetween(losses.last())) : NONE;
  }

  private Optional<Doubt> lostBefore() {
    return state.losses().any() ? Optional.of(Doubt.lostBefore(state.losses().last())) : NONE;
  }

  private Optional<Doubt> neverMade(Device device, boolean shown) {
    Optional<Doubt> lost = lostBefore();
    if (lost.isPresent() || shown) {
      return lost;
    }
    if (device != null && device.crowd()) {
      return because(Reason.CROWD);
    }
    if (device != null && device.forgotten() > 0) {
      return because(Reason.FORGOTTEN);
    }
    boolean seen = device == null ? state.completeStart() : seenFromItsStart(device);
    return seen ? NONE : because(Reason.MAPPED_BEFORE);
  }

  /**
   * True where another list of the same memory may stand, mapped in a gap or before the recording
   * began. What was then soon ends, but for memory that is registered for both directions and for
   * as long as its user likes.
   */
  private boolean mayStand(Device device, DmaDirection direction) {
    return state.losses().any()
        || device.crowd()
        || device.forgotten() > 0
        || direction == DmaDirection.BIDIRECTIONAL
        || (isEarly() && device.unseenUnmaps > 0);
  }

  private Optional<Doubt> disorder(Device device) {
    if (!device.addressSpaceTorn()) {
      return NONE;
    }
    EventsLost gap = state.losses().last();
    return gap == null ? because(Reason.TORN) : Optional.of(Doubt.lostAndTorn(gap));
  }

  private boolean inStartPhase(Device device) {
    return isEarly()
        && device.unseenUnmaps > 0
        && !device.translated()
        && !seenFromItsStart(device);
  }

  private boolean isEarly() {
    return state.now() - state.firstTimestampNs() < START_PHASE_NS;
  }

  private boolean seenFromItsStart(Device device) {
    return state.completeStart() || device.bornInCapture();
  }
}
