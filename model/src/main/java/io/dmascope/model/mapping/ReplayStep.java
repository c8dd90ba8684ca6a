package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.MappingLifecycle;

/**
 * A part of the replay: one family of events, or what several families have in common.
 *
 * <p>The {@code apply} of a family changes the state, has the transition judged, and returns the
 * device that the event changed, or null.
 */
abstract class ReplayStep {
  final CaptureState state;

  /** The transition at hand; see {@link #begin}. */
  final Transition t;

  private final ReplayContext context;

  ReplayStep(ReplayContext context) {
    this.context = context;
    this.state = context.state();
    this.t = state.transition();
  }

  /** Starts a transition; nothing is set in it but what is given here. */
  final void begin(
      Op op, EventHeader header, Device device, MappingKind kind, DmaDirection direction) {
    t.begin(op, header, device);
    t.kind = kind;
    t.direction = direction;
  }

  /** Has the transition at hand judged. */
  final void judge() {
    context.judge().judge(t);
  }

  final void lifecycle(MappingLifecycle ended) {
    context.lifecycles().accept(ended);
  }

  final Device device(String name) {
    return state.devices().of(name);
  }

  /** The device of that name, which the event shows at work. */
  final Device used(String name) {
    Device device = state.devices().of(name);
    device.eventsSeen = true;
    return device;
  }

  /** The bounce of the task that waits for a mapping of the device; null where none is recorded. */
  final Tasks.Bounce takeBounce(EventHeader header, String device) {
    return state.counts().seen(EventCounts.Family.BOUNCE)
        ? state.tasks().takeBounce(header, device)
        : null;
  }

  /** Gathers what a driver leaves behind; once, until one comes again. */
  final void driverGone(Device device) {
    if (!device.leftBehindTold) {
      device.leftBehindTold = true;
      t.leftBehind = LeftBehind.of(state, device);
    }
  }

  static Device failed(Device device) {
    device.mapFailures++;
    device.changedSinceSummary = true;
    return device;
  }
}
