package io.dmascope.model.mapping;

import io.dmascope.model.event.IommuAttach;
import io.dmascope.model.event.IommuGroupChange;

/** Devices that join or leave IOMMU groups, or are attached to a domain. */
final class GroupEvents extends ReplayStep {
  GroupEvents(ReplayContext context) {
    super(context);
  }

  Device apply(IommuGroupChange change) {
    Device device = device(change.device());
    if (change.added()) {
      device.group = change.groupId();
      // A device that joins its group before any of its DMA was seen cannot have mapped anything
      // yet.
      device.bornInCapture = !device.eventsSeen;
    } else {
      device.group = -1;
    }
    return null;
  }

  Device apply(IommuAttach attach) {
    return device(attach.device());
  }
}
