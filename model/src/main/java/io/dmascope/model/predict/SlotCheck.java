package io.dmascope.model.predict;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.SwiotlbPool;
import java.util.Optional;

/** What holds of every bounce buffer, wherever in the pool it was placed. */
record SlotCheck(CaptureParameters.Pool pool, DeviceParameters device) {
  private static final long PAGE_MASK = 4095;

  /** False where it lies in another pool: SWIOTLB_DYNAMIC adds some, and devices have own ones. */
  boolean isInPool(long slotAddr) {
    return Long.compareUnsigned(
            slotAddr - pool.startAddr(), (long) pool.slots() * SwiotlbPool.SLOT_BYTES)
        < 0;
  }

  /** Tells what is wrong with a bounce buffer at {@code slotAddr}; empty where nothing is. */
  Optional<String> misfit(long physAddr, long slotAddr, long sizeBytes) {
    long offset = physAddr & device.minAlignMask() & (SwiotlbPool.SLOT_BYTES - 1);
    long fromStart = slotAddr - offset - pool.startAddr();
    long slots = (sizeBytes + offset + SwiotlbPool.SLOT_BYTES - 1) / SwiotlbPool.SLOT_BYTES;
    if (fromStart % SwiotlbPool.SLOT_BYTES != 0) {
      return Optional.of("offset in its slot: model 0x%x".formatted(offset));
    }
    if (((physAddr ^ slotAddr) & device.minAlignMask()) != 0) {
      return Optional.of("0x%x does not keep the low bits of 0x%x".formatted(slotAddr, physAddr));
    }
    boolean pageAligned = device.minAlignMask() == 0 && sizeBytes > PAGE_MASK;
    if (pageAligned && (slotAddr & PAGE_MASK) != 0) {
      return Optional.of("0x%x is not page aligned".formatted(slotAddr));
    }
    long inSet = fromStart / SwiotlbPool.SLOT_BYTES % SwiotlbPool.SLOTS_MAX;
    // Where the pool's start is only inferred, its sets may begin elsewhere.
    boolean setsKnown = pool.origin() == DeviceFacts.Origin.GIVEN;
    return setsKnown && inSet + slots > SwiotlbPool.SLOTS_MAX
        ? Optional.of("%d slots from slot %d cross a set".formatted(slots, inSet))
        : Optional.empty();
  }
}
