package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaBufEvent;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;

/** Shared buffers: who attached to them, who detached. */
final class DmaBufEvents extends ReplayStep {
  DmaBufEvents(ReplayContext context) {
    super(context);
  }

  Device apply(DmaBufEvent event) {
    switch (event.kind()) {
      case ATTACH -> state.attachments().attach(event);
      case DETACH -> {
        EventHeader before = state.attachments().detachedBefore(event);
        if (!state.attachments().detach(event)) {
          begin(Op.DMA_BUF, event.header(), device(event.device()), null, DmaDirection.UNKNOWN);
          t.buffer = event;
          t.detachedBefore = before;
          judge();
        }
      }
      case EXPORT, MMAP_INTERNAL, MMAP, PUT, FD, GET -> {}
    }
    return null;
  }
}
