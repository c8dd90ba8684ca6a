package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.MapApi;

/** What a kernel's tracepoints and drivers look like; the ones that differ in what they emit. */
public enum Generation {
  /** 6.12 stable: pages and resources apart, no {@code dma_buf:*}, drivers map scatterlists. */
  V6_12("6.12.107"),
  /** 7.3: one {@code dma_map_phys}, {@code dma_buf:*}, the two-step IOVA interface in use. */
  V7_3("7.3.4");

  private final String release;

  Generation(String release) {
    this.release = release;
  }

  /** What {@code uname -r} says. */
  public String release() {
    return release;
  }

  /** The tracepoint family that tells of a mapping of RAM. */
  public MapApi pageApi() {
    return this == V6_12 ? MapApi.PAGE : MapApi.PHYS;
  }

  /** The tracepoint family that tells of a mapping of device memory. */
  public MapApi resourceApi() {
    return this == V6_12 ? MapApi.RESOURCE : MapApi.PHYS;
  }

  /** The attributes that tracepoints show: MMIO is one since v6.18 (bit 10). */
  long traced(long attrs) {
    return this == V6_12 ? attrs & ~DmaAttrs.MMIO : attrs;
  }

  public boolean tracesDmaBuf() {
    return this != V6_12;
  }

  /** True where drivers may use {@code dma_iova_*} (block layer since v6.17). */
  public boolean hasTwoStepMapping() {
    return this != V6_12;
  }
}
