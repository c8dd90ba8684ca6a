package io.dmascope.model.event;

/**
 * {@code dma_alloc} or {@code dma_alloc_pages}, traced after the call, also when it failed.
 *
 * @param direction {@link DmaDirection#UNKNOWN} in the layout of v6.12, which has none
 * @param dmaAddr not defined for a failed allocation of a kernel before 7.3
 * @param cpuAddr the kernel virtual address (hashed in tracefs text), or the physical address where
 *     {@code cpuAddrIsPhys}
 * @param cpuAddrIsPhys true for the first v6.12 layout, which printed {@code phys_addr}
 * @param gfpFlags the printed allocation flags; empty where the layout has none
 */
public record DmaAlloc(
    EventHeader header,
    String device,
    AllocApi api,
    DmaDirection direction,
    long dmaAddr,
    long sizeBytes,
    long cpuAddr,
    boolean cpuAddrIsPhys,
    String gfpFlags,
    long attrs)
    implements TraceEvent {

  /** True where the allocator returned no memory; only the CPU address tells. */
  public boolean failed() {
    return cpuAddr == 0 && !cpuAddrIsPhys;
  }
}
