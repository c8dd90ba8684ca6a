package io.dmascope.model.event;

/**
 * {@code dma_free} or {@code dma_free_pages}, traced before the call; fires for a NULL buffer too
 * (v6.13 on).
 */
public record DmaFree(
    EventHeader header,
    String device,
    AllocApi api,
    DmaDirection direction,
    long dmaAddr,
    long sizeBytes,
    long cpuAddr,
    boolean cpuAddrIsPhys,
    long attrs)
    implements TraceEvent {

  /** True for the legal free of nothing. */
  public boolean ofNull() {
    return cpuAddr == 0 && !cpuAddrIsPhys && sizeBytes == 0;
  }
}
