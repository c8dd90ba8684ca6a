package io.dmascope.model.mapping;

import io.dmascope.model.event.SwiotlbBounce;

/* hot path */
/** {@code swiotlb_bounced}: a mapping that follows on the same task got a bounce buffer. */
final class BounceEvents extends ReplayStep {
  BounceEvents(ReplayContext context) {
    super(context);
  }

  Device apply(SwiotlbBounce bounce) {
    state
        .tasks()
        .bounced(
            new Tasks.Bounce(
                bounce.header(),
                bounce.device(),
                bounce.deviceAddr(),
                bounce.sizeBytes(),
                bounce.dmaMask(),
                bounce.forced()));
    Device device = used(bounce.device());
    device.tracedDmaMask = bounce.dmaMask();
    return device;
  }
}
