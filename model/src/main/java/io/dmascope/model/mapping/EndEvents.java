package io.dmascope.model.mapping;

import io.dmascope.model.event.CaptureEnd;

/** The end of the capture: what only the whole of it can tell. */
final class EndEvents extends ReplayStep {
  EndEvents(ReplayContext context) {
    super(context);
  }

  Device apply(CaptureEnd end) {
    for (GrowthHistory.GrowingSite growing : state.growth().growing(state)) {
      Device device = state.devices().at(growing.site().device());
      begin(
          Op.CAPTURE_END, end.header(), device, growing.site().kind(), growing.site().direction());
      t.growing = growing;
      judge();
    }
    return null;
  }
}
