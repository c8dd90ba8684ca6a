package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.RecordingDoubt;

/**
 * The one place that knows why a verdict may be wrong: the recording began late, lost events, left
 * something out, or the driver makes use of a licence. Each answer is a clause for the reader, or
 * empty.
 */
public final class Doubts {
  /*
   * Mappings made before the recording began may end inside it. Streaming ones do so soon: while a device that evidently
   * was at work before is in its first seconds, an address may have an older owner that was never seen.
   */
  private static final long START_PHASE_NS = 2_000_000_000L;

  private static final String CROWD = "the recording names more devices than are told apart";

  private final CaptureState state;

  Doubts(CaptureState state) {
    this.state = state;
  }

  /** Doubts about a verdict that rests on this object being what stands at its address. */
  String about(MappedObject object) {
    String lost = since(object.knownSince());
    if (!lost.isEmpty()) {
      return lost;
    }
    String misordered = state.order().about(object);
    if (!misordered.isEmpty()) {
      return misordered;
    }
    if (object.device().crowd()) {
      return CROWD;
    }
    if (object.device().elidesUnmaps()) {
      return "the driver leaves out unmaps, which direct mapping allows, so that a stale mapping"
          + " may stand here";
    }
    if (object.device().translated()
        && object.translation() != MappedObject.Translation.IOMMU
        && !seenFromItsStart(object.device())) {
      return "a peer's memory may be mapped many times at one address, also before the recording"
          + " began";
    }
    return inStartPhase(object.device());
  }

  /** Doubts about a verdict that rests on having seen everything after an event. */
  String since(EventHeader then) {
    return since(then.sequence());
  }

  private String since(long sequence) {
    Losses losses = state.losses();
    if (!losses.since(sequence)) {
      return "";
    }
    return RecordingDoubt.lostBetween(losses.last());
  }

  /** Doubts about a verdict that rests on an object never having been made. */
  String unseen(Device device, Transition t) {
    String lost = loss();
    if (!lost.isEmpty()) {
      return lost;
    }
    if (t.noPageTableRemoval()) {
      return "";
    }
    if (device != null && device.crowd()) {
      return CROWD;
    }
    if (device != null && device.forgotten() > 0) {
      return "more was mapped at once than is remembered";
    }
    if (device == null ? state.completeStart() : seenFromItsStart(device)) {
      return "";
    }
    return RecordingDoubt.begunAfter("it was mapped");
  }

  /**
   * Doubts about an unmap of a list that does not fit the one with its memory. The event names the
   * memory alone, and more than one list of it may lawfully be mapped: the one that is meant may
   * have been mapped in a gap, or before the recording began. What was then soon ends, but for
   * memory that is registered for both directions and for as long as its user likes.
   */
  String otherList(MappedObject list, Transition t) {
    Device device = list.device();
    boolean mayStand =
        state.losses().any()
            || device.crowd()
            || device.forgotten() > 0
            || list.direction() == DmaDirection.BIDIRECTIONAL
            || (isEarly() && device.unseenUnmaps > 0);
    return mayStand ? unseen(device, t) : "";
  }

  /** Doubts about a verdict on a device whose address space may be in disorder. */
  String disorder(Device device) {
    if (!device.addressSpaceTorn()) {
      return "";
    }
    String freed = "a wrong unmap of this device before may have freed the address";
    String lost = loss();
    return lost.isEmpty() ? freed : lost + ", and " + freed;
  }

  /** Doubts about a verdict that rests on the whole of what came before. */
  String loss() {
    Losses losses = state.losses();
    return losses.any() ? RecordingDoubt.lostBefore(losses.last()) : "";
  }

  private String inStartPhase(Device device) {
    return isEarly() && device.unseenUnmaps > 0 && !device.translated() && !seenFromItsStart(device)
        ? "the recording has just begun and the device was at work before"
        : "";
  }

  private boolean isEarly() {
    return state.now() - state.firstTimestampNs() < START_PHASE_NS;
  }

  private boolean seenFromItsStart(Device device) {
    return state.completeStart() || device.bornInCapture();
  }
}
