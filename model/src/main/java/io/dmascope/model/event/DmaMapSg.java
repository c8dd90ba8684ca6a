package io.dmascope.model.event;

/**
 * {@code dma_map_sg} succeeded. Newer kernels trace at most 128 entries of each list; {@code
 * fullNents} and {@code fullEnts} are the real counts. Input lengths are not recorded.
 *
 * @param fullNents entries the caller passed
 * @param fullEnts entries the backend returned; fewer than {@code fullNents} where an IOMMU merged
 * @param physAddrs physical addresses of the traced input entries
 * @param dmaAddrs addresses of the traced output entries
 * @param lengths bytes of the traced output entries, unsigned 32-bit values
 */
public record DmaMapSg(
    EventHeader header,
    String device,
    DmaDirection direction,
    int fullNents,
    int fullEnts,
    U64List physAddrs,
    U64List dmaAddrs,
    U64List lengths,
    long attrs)
    implements TraceEvent {

  /** True where the kernel left entries out of the event ({@code [TRUNCATED]}). */
  public boolean truncated() {
    return physAddrs.size() < fullNents || dmaAddrs.size() < fullEnts;
  }
}
