package io.dmascope.model.backend;

import io.dmascope.model.event.DmaAttrs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The two-step interface: addresses first, memory linked to them piece by piece
 * (drivers/iommu/dma-iommu.c dma_iova_try_alloc(), dma_iova_link(), dma_iova_sync(),
 * dma_iova_destroy()). Its 16 bytes of state replace a list, however long.
 *
 * <p>No {@code dma:*} event tells of it; each link is an {@code iommu:map}. Unlinking is strict
 * even in a lazy domain.
 */
public final class IovaTransaction {
  private final IommuBackend backend;
  private final long iova;
  private final long sizeBytes;
  private final long firstOffset;
  private final long granule;
  private final List<PageTableRun> links = new ArrayList<>();
  private long linkedEnd;
  private boolean unalignedEnd;
  private boolean synced = true;
  private boolean destroyed;

  private IovaTransaction(
      IommuBackend backend, long iova, long sizeBytes, long firstOffset, long granule) {
    this.backend = backend;
    this.iova = iova;
    this.sizeBytes = sizeBytes;
    this.firstOffset = firstOffset;
    this.granule = granule;
  }

  /**
   * Takes addresses for {@code sizeBytes} that begin with memory at {@code physAddr}; empty where
   * there is no room or nothing to map, and the caller maps piece by piece instead. Without an
   * IOMMU there is no transaction.
   */
  public static Optional<IovaTransaction> tryAllocate(
      IommuBackend backend, long physAddr, long sizeBytes, Moment moment) {
    long granule = backend.domain().parameters().granule();
    long offset = physAddr & (granule - 1);
    if (sizeBytes <= 0) {
      return Optional.empty();
    }
    long aligned = (sizeBytes + offset + granule - 1) & -granule;
    OptionalLong iova = backend.allocate(aligned, moment);
    return iova.isEmpty()
        ? Optional.empty()
        : Optional.of(new IovaTransaction(backend, iova.getAsLong(), aligned, offset, granule));
  }

  /** The address of the first byte, as the device is told. */
  public long dmaAddr() {
    return iova + firstOffset;
  }

  /** Page-table runs linked so far. */
  public List<PageTableRun> links() {
    return List.copyOf(links);
  }

  /**
   * Links memory at {@code offset} from the first byte; returns the error, or empty where it is
   * linked. Only the first link may begin within a granule, and only the last may end in one.
   */
  public Optional<Errno> link(long physAddr, long offset, long lengthBytes, long attrs) {
    boolean first = offset == 0;
    long within = physAddr & (granule - 1);
    if ((!first && within != 0) || unalignedEnd) {
      return Optional.of(Errno.EIO);
    }
    long start = first ? 0 : firstOffset + offset;
    long end = start + lengthBytes + within;
    long alignedEnd = (end + granule - 1) & -granule;
    boolean inside = lengthBytes > 0 && (start & (granule - 1)) == 0 && alignedEnd <= sizeBytes;
    if (!inside || (first && within != firstOffset) || start != linkedEnd) {
      return Optional.of(Errno.EINVAL);
    }
    boolean bounces = backend.device().untrusted() && (within != 0 || end != alignedEnd);
    if (bounces && (attrs & (DmaAttrs.MMIO | DmaAttrs.REQUIRE_COHERENT)) != 0) {
      return Optional.of(Errno.EPERM);
    }
    links.add(new PageTableRun(iova + start, physAddr - within, alignedEnd - start));
    backend.count(links.getLast());
    linkedEnd = alignedEnd;
    unalignedEnd = end != alignedEnd;
    synced = false;
    return Optional.empty();
  }

  /** Makes the links visible to the device; needed before it is told the address. */
  public void sync() {
    synced = true;
  }

  /** True where the device may use what is linked. */
  public boolean isSynced() {
    return synced;
  }

  /** Unlinks everything, waits for the invalidation and gives the addresses back. */
  public void destroy(Moment moment) {
    if (destroyed) {
      throw new IllegalStateException("destroyed twice [iova=0x%x]".formatted(iova));
    }
    destroyed = true;
    links.forEach(backend::uncount);
    if (!links.isEmpty()) {
      backend.countInvalidation();
    }
    backend.domain().giveBack(iova, sizeBytes, moment);
  }
}
