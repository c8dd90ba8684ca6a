package io.dmascope.model.backend;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import java.util.Optional;

/** Takes and gives back the bounce buffers of one device (swiotlb_tbl_map_single()). */
final class Bouncer {
  private final DeviceParameters device;
  private final SwiotlbPool pool;
  private final BackendCounters counters;

  Bouncer(DeviceParameters device, SwiotlbPool pool, BackendCounters counters) {
    this.device = device;
    this.pool = pool;
    this.counters = counters;
  }

  /** Takes slots and copies the buffer in, for any direction: the device may write only parts. */
  Optional<Mapping.Bounce> bounce(long physAddr, long sizeBytes, long alignMask, Moment moment) {
    Optional<Mapping.Bounce> bounce =
        pool.allocate(device, physAddr, sizeBytes, alignMask, moment.cpu())
            .map(slots -> new Mapping.Bounce(physAddr, sizeBytes, slots));
    bounce.ifPresent(b -> counters.bouncedIn(b.slots().slots(), b.sizeBytes()));
    return bounce;
  }

  /** Copies back what the device may have written and frees the slots. */
  void release(Mapping mapping, DmaDirection direction, long attrs) {
    boolean copiesBack =
        (attrs & DmaAttrs.SKIP_CPU_SYNC) == 0
            && (direction == DmaDirection.FROM_DEVICE || direction == DmaDirection.BIDIRECTIONAL);
    for (Mapping.Bounce bounce : mapping.bounces()) {
      if (copiesBack) {
        counters.bouncedOut(bounce.sizeBytes());
      }
      pool.free(bounce.slots());
    }
  }

  /** Frees slots that a failing call had taken; nothing was written yet. */
  void undo(Mapping.Bounce bounce) {
    pool.free(bounce.slots());
  }
}
