package io.dmascope.model.predict;

import java.util.OptionalLong;

/**
 * Whether a device sees memory at a constant distance ({@code dma-ranges} of the firmware,
 * kernel/dma/direct.c translate_phys_to_dma()). A translated device's addresses have none: they
 * come from an allocator, whatever the memory.
 */
final class OffsetSurvey {
  private static final int MAPS_MIN = 4;
  private static final int PLACES_MIN = 3;
  private static final long PAGE_MASK = -4096;

  private long offset;
  private long maps;
  private long places;
  private long lastPage = -1;
  private boolean refused;

  /** A mapping whose address is not the memory's own, and that nothing else explains. */
  void add(long physAddr, long dmaAddr) {
    if (maps > 0 && dmaAddr - physAddr != offset) {
      refused = true;
    }
    offset = dmaAddr - physAddr;
    maps++;
    if ((physAddr & PAGE_MASK) != lastPage) {
      places++;
      lastPage = physAddr & PAGE_MASK;
    }
  }

  /** A mapping of another kind. */
  void refuse() {
    refused = true;
  }

  /** What is added to a physical address; empty where there is no such distance. */
  OptionalLong offset() {
    return !refused && offset != 0 && maps >= MAPS_MIN && places >= PLACES_MIN
        ? OptionalLong.of(offset)
        : OptionalLong.empty();
  }
}
