package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.MapApi;
import java.util.List;
import java.util.stream.Stream;

/** What a kernel's tracepoints and drivers look like; the ones that differ in what they emit. */
public enum Generation {
  /** 6.12 stable: pages and resources apart, no {@code dma_buf:*}, drivers map scatterlists. */
  V6_12("6.12.107"),
  /** 7.3: one {@code dma_map_phys}, {@code dma_buf:*}, the two-step IOVA interface in use. */
  V7_3("7.3.4");

  private static final List<String> MAPPINGS_6_12 =
      List.of(
          "dma:dma_map_page",
          "dma:dma_map_resource",
          "dma:dma_unmap_page",
          "dma:dma_unmap_resource");

  private static final List<String> MAPPINGS_7_3 =
      List.of("dma:dma_map_phys", "dma:dma_unmap_phys");

  private static final List<String> COMMON =
      List.of(
          "dma:dma_map_sg",
          "dma:dma_unmap_sg",
          "dma:dma_alloc",
          "dma:dma_free",
          "dma:dma_alloc_pages",
          "dma:dma_free_pages",
          "dma:dma_sync_single_for_cpu",
          "dma:dma_sync_single_for_device",
          "dma:dma_sync_sg_for_cpu",
          "dma:dma_sync_sg_for_device",
          "iommu:add_device_to_group",
          "iommu:remove_device_from_group",
          "iommu:attach_device_to_domain",
          "iommu:map",
          "iommu:unmap",
          "iommu:io_page_fault",
          "swiotlb:swiotlb_bounced");

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

  /** The events that were on. */
  List<String> events() {
    List<String> dma = this == V6_12 ? MAPPINGS_6_12 : MAPPINGS_7_3;
    List<String> buffers =
        tracesDmaBuf() ? List.of("dma_buf:dma_buf_attach", "dma_buf:dma_buf_detach") : List.of();
    return Stream.of(dma, COMMON, buffers).flatMap(List::stream).toList();
  }
}
