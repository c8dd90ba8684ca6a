package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;

/** What any event can show: that its CPU's clock ran backwards. */
final class ClockEvents extends ReplayStep {
  ClockEvents(ReplayContext context) {
    super(context);
  }

  void ranBackwards(EventHeader header, long byNs) {
    begin(Op.CLOCK, header, null, null, DmaDirection.UNKNOWN);
    t.previousTimestampNs = header.timestampNs() + byNs;
    judge();
  }
}
