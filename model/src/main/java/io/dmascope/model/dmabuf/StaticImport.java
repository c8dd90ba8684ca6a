package io.dmascope.model.dmabuf;

import io.dmascope.model.event.DmaDirection;
import java.util.Optional;

/**
 * How a static importer's maps reach the exporter. Up to 6.12 attaching maps once, in both
 * directions, and every later map is served from that; since 7.x each map pins and maps anew.
 */
public enum StaticImport {
  /** 6.12: {@code dma_buf_dynamic_attach()} caches the table. */
  MAPPED_AT_ATTACH,
  /** 7.3: {@code dma_buf_map_attachment()} pins and maps. */
  MAPPED_AT_MAP;

  /** The direction the exporter's map has, for an importer's. */
  public DmaDirection exporterDirection(DmaDirection wanted) {
    return this == MAPPED_AT_ATTACH ? DmaDirection.BIDIRECTIONAL : wanted;
  }

  /** Whether attaching alone makes the device able to reach the buffer. */
  public boolean reachesAtAttach() {
    return this == MAPPED_AT_ATTACH;
  }

  /**
   * Whether a map is refused with {@code -EBUSY}: the cached table serves its own direction, and
   * both when it is bidirectional.
   */
  public boolean isBusy(Optional<DmaDirection> cached, DmaDirection wanted) {
    return this == MAPPED_AT_ATTACH
        && cached.isPresent()
        && cached.get() != wanted
        && cached.get() != DmaDirection.BIDIRECTIONAL;
  }
}
