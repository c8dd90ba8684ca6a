package io.dmascope.model.event;

/** Values that an address field takes besides an address (include/linux/dma-mapping.h). */
public final class DmaAddress {
  /** {@code DMA_MAPPING_ERROR}: what a failed mapping returns. */
  public static final long ERROR = -1L;

  private DmaAddress() {}
}
