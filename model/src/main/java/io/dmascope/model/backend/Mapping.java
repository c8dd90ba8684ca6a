package io.dmascope.model.backend;

import io.dmascope.model.event.U64List;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/**
 * What a mapping call returned: the DMA side, separate from the input, and what the backend had to
 * do for it.
 *
 * @param dmaAddrs addresses of the output entries
 * @param lengths bytes of the output entries
 * @param busAddresses output entries that hold a PCI bus address ({@code SG_DMA_BUS_ADDRESS})
 * @param iova first byte of the I/O virtual block, 0 where none was taken
 * @param iovaSizeBytes bytes of the block as asked for, padding included; the allocator may reserve
 *     more
 * @param pageTableRuns the {@code iommu_map} calls
 * @param paddingBytes bytes that the device can reach although no entry covers them, because
 *     entries share granules with other memory or were stretched to a segment boundary
 * @param bounces swiotlb slots in use, one an entry that was bounced
 */
public record Mapping(
    U64List dmaAddrs,
    U64List lengths,
    BitSet busAddresses,
    long iova,
    long iovaSizeBytes,
    List<PageTableRun> pageTableRuns,
    long paddingBytes,
    List<Bounce> bounces)
    implements MapResult {

  /**
   * A buffer that was copied into swiotlb slots.
   *
   * @param physAddr the caller's memory
   * @param sizeBytes bytes copied
   * @param slots where in the pool
   */
  public record Bounce(long physAddr, long sizeBytes, SwiotlbPool.Allocation slots) {}

  public Mapping {
    Objects.requireNonNull(dmaAddrs, "dmaAddrs");
    Objects.requireNonNull(lengths, "lengths");
    busAddresses = (BitSet) busAddresses.clone();
    pageTableRuns = List.copyOf(pageTableRuns);
    bounces = List.copyOf(bounces);
  }

  /** Output entries: what {@code dma_map_sg} returns. */
  public int ents() {
    return dmaAddrs.size();
  }

  /** True where the entry is a PCI bus address, which is neither mapped nor unmapped. */
  public boolean isBusAddress(int index) {
    return busAddresses.get(index);
  }
}
