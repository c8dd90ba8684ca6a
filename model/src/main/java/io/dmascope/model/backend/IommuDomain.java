package io.dmascope.model.backend;

import java.util.OptionalLong;

/**
 * An address space that the devices of one IOMMU group share: its allocator and, in lazy mode, its
 * flush queue.
 */
public final class IommuDomain {
  private final IommuParameters parameters;
  private final IovaSpace space;
  private final FlushQueue queue;
  private long liveBytes;
  private long liveBytesMax;
  private long heldBytesMax;
  private final long reservedBytes;
  private long lowest = -1L;
  private long highest;

  /** A domain on a machine with that many CPUs. */
  public IommuDomain(IommuParameters parameters, int cpus) {
    this.parameters = parameters;
    this.space = new IovaSpace(parameters, cpus);
    this.queue = new FlushQueue(parameters.flushPolicy(), cpus, space::free);
    this.reservedBytes = space.usedBytes();
  }

  public IommuParameters parameters() {
    return parameters;
  }

  public IovaSpace space() {
    return space;
  }

  public FlushQueue queue() {
    return queue;
  }

  public boolean isLazy() {
    return parameters.flushPolicy() != IommuParameters.FlushPolicy.STRICT;
  }

  /** Bytes of I/O virtual space in use by mappings. */
  public long liveBytes() {
    return liveBytes;
  }

  /** The most bytes that were in use at one time. */
  public long liveBytesMax() {
    return liveBytesMax;
  }

  /**
   * The most bytes that were taken out of the space at one time: what mappings use, what rounding
   * up adds, what per-CPU caches keep and what waits for a flush.
   */
  public long heldBytesMax() {
    return heldBytesMax;
  }

  /** iommu_dma_alloc_iova() of a device: below 4 GiB first where that is still tried. */
  OptionalLong allocate(long sizeBytes, long limitAddr, Prefer32Bit prefer, Moment moment) {
    queue.tick(moment.timestampNs());
    long limit =
        parameters.apertureEnd().isPresent()
                && Long.compareUnsigned(parameters.apertureEnd().getAsLong(), limitAddr) < 0
            ? parameters.apertureEnd().getAsLong()
            : limitAddr;
    OptionalLong iova = prefer.allocate(space, sizeBytes, limit, moment);
    if (iova.isPresent()) {
      liveBytes += sizeBytes;
      liveBytesMax = Math.max(liveBytesMax, liveBytes);
      heldBytesMax = Math.max(heldBytesMax, space.usedBytes() - reservedBytes);
      noteSpan(iova.getAsLong(), sizeBytes);
    }
    return iova;
  }

  /** Bytes from the lowest address ever handed out to the highest; 0 before the first. */
  public long spanBytes() {
    return Long.compareUnsigned(highest, lowest) < 0 ? 0 : highest - lowest + 1;
  }

  private void noteSpan(long iova, long sizeBytes) {
    if (Long.compareUnsigned(iova, lowest) < 0) {
      lowest = iova;
    }
    // The last byte, because the end of the topmost block is 2^64.
    if (sizeBytes > 0 && Long.compareUnsigned(iova + sizeBytes - 1, highest) > 0) {
      highest = iova + sizeBytes - 1;
    }
  }

  /** Takes a mapping's range out of use; returns how many flushes of the whole domain it caused. */
  int free(long iova, long sizeBytes, Moment moment) {
    liveBytes -= sizeBytes;
    if (isLazy()) {
      return queue.queue(iova, sizeBytes, moment);
    }
    space.free(iova, sizeBytes, moment);
    return 0;
  }

  /** Gives back a range that nothing was ever mapped at. */
  void giveBack(long iova, long sizeBytes, Moment moment) {
    liveBytes -= sizeBytes;
    space.free(iova, sizeBytes, moment);
  }
}
