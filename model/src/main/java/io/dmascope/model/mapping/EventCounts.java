package io.dmascope.model.mapping;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaAllocSgt;
import io.dmascope.model.event.DmaBufEvent;
import io.dmascope.model.event.DmaFree;
import io.dmascope.model.event.DmaFreeSgt;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaMapSgError;
import io.dmascope.model.event.DmaSync;
import io.dmascope.model.event.DmaSyncSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.IommuAttach;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.ProbeShape;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.TraceEvent;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** How many events of each family a capture carried: what is never seen cannot be checked. */
public final class EventCounts {
  /** Families of events that rules need. */
  public enum Family {
    SINGLE(
        "dma_map_page, dma_map_resource or dma_map_phys and their unmaps",
        "dma:*",
        "dma:dma_(un)?map_(page|resource|phys)"),
    SG("dma_map_sg and dma_unmap_sg", "dma:*", "dma:dma_(un)?map_sg"),
    ALLOC("dma_alloc and dma_free", "dma:*", "dma:dma_(alloc|free)(_pages|_sgt)?"),
    SYNC(
        "dma_sync_*: coherent devices make none unless CONFIG_DMA_API_DEBUG is set or they bounced",
        "dma:*",
        "dma:dma_sync_(single|sg)_for_(cpu|device)"),
    IOMMU(
        "iommu:map and iommu:unmap: identity domains and devices without an IOMMU make none",
        "iommu:*",
        "iommu:(un)?map"),
    FAULT(
        "IOMMU faults, from io_page_fault or the kernel log",
        "iommu:io_page_fault, dmesg",
        "iommu:io_page_fault"),
    BOUNCE("swiotlb_bounced", "swiotlb:*", "swiotlb:swiotlb_bounced"),
    DMA_BUF(
        "dma_buf attach and detach, kernel 7.x on",
        "dma_buf:*",
        "dma_buf:dma_buf_(dynamic_attach|detach)"),
    DRIVER_BINDING("drivers bound and unbound, or devices leaving their IOMMU group", Family.PROBE),
    MAPPING_ERROR_CHECK("calls of dma_mapping_error()", Family.PROBE),
    VIRTUAL_MAP("virtual addresses handed to dma_map_single()", Family.PROBE),
    SG_TABLE("sg_tables as they lie in memory", Family.PROBE),
    SG_READ("reads of sg_dma_address() and sg_dma_len()", Family.PROBE),
    BIO("bios", Family.PROBE),
    BLOCK_REQUEST("segments of block requests", Family.PROBE),
    ATTACHMENT_CALL("calls on dma-buf attachments", Family.PROBE),
    BUFFER_ACCESS("accesses to dma-bufs", Family.PROBE),
    PEER_MAP("P2P map types", Family.PROBE),
    RDMA_REGION("RDMA memory regions", Family.PROBE),
    PAGE_ARRAY("address arrays of GPU drivers", Family.PROBE),
    NVME_COMMAND("PRPs of NVMe commands", Family.PROBE),
    IOVA_CALL("calls of the two-step IOVA interface", Family.PROBE),
    OTHER("any event", "any"),
    IOMMU_SETUP(
        "devices joining their IOMMU group or domain",
        "iommu:*",
        "iommu:(add_device_to_group|attach_device_to_domain)");

    private static final String PROBE = "capture/dmascope-probe";

    private final String what;
    private final String record;
    private final Pattern tracepoints;

    Family(String what, String record) {
      this(what, record, "");
    }

    Family(String what, String record, String tracepoints) {
      this.what = what;
      this.record = record;
      this.tracepoints = Pattern.compile(tracepoints);
    }

    /** The events in words. */
    public String what() {
      return what;
    }

    /** What to enable when recording. */
    public String record() {
      return record;
    }

    /** False for what only probes see. */
    public boolean hasTracepoints() {
      return !tracepoints.pattern().isEmpty();
    }

    /** True where that tracepoint, written {@code system:event}, is one of the family's. */
    public boolean carriedBy(String tracepoint) {
      return tracepoints.matcher(tracepoint).matches();
    }
  }

  /** The families of probe events, by the number of their shape. */
  private static final Family[] OF_SHAPE =
      ProbeShape.all().stream().map(EventCounts::familyOf).toArray(Family[]::new);

  private final long[] counts = new long[Family.values().length];

  public void count(TraceEvent event) {
    counts[familyOf(event).ordinal()]++;
    if (event instanceof ProbeEvent.Probes probes) {
      watch(probes);
    }
  }

  /** What a recorder watched could have been seen, even if it never happened. */
  private void watch(ProbeEvent.Probes probes) {
    for (String name : probes.attached().split(",", -1)) {
      ProbeShape.named(name).ifPresent(shape -> counts[OF_SHAPE[shape.index()].ordinal()]++);
    }
  }

  public boolean seen(Family family) {
    return counts[family.ordinal()] > 0;
  }

  private static Family familyOf(TraceEvent event) {
    return switch (event) {
      case DmaMap _, DmaUnmap _ -> Family.SINGLE;
      case DmaMapSg _, DmaMapSgError _, DmaUnmapSg _ -> Family.SG;
      case DmaAlloc _, DmaFree _, DmaAllocSgt _, DmaFreeSgt _ -> Family.ALLOC;
      case DmaSync _, DmaSyncSg _ -> Family.SYNC;
      case IommuMap _, IommuUnmap _ -> Family.IOMMU;
      case IoPageFault _ -> Family.FAULT;
      case SwiotlbBounce _ -> Family.BOUNCE;
      case DmaBufEvent buf ->
          buf.kind() == DmaBufEvent.Kind.ATTACH || buf.kind() == DmaBufEvent.Kind.DETACH
              ? Family.DMA_BUF
              : Family.OTHER;
      case ProbeEvent probe -> OF_SHAPE[ProbeShape.of(probe).index()];
      case IommuGroupChange change -> change.added() ? Family.IOMMU_SETUP : Family.DRIVER_BINDING;
      case IommuAttach _ -> Family.IOMMU_SETUP;
      case EventsLost _, Marker _, CaptureStart _, CaptureEnd _ -> Family.OTHER;
    };
  }

  private static Family familyOf(ProbeShape shape) {
    return shape == ProbeShape.of(ProbeEvent.Probes.class)
        ? Family.OTHER
        : Family.valueOf(shape.name().toUpperCase(Locale.ROOT));
  }

  void save(StateWriter out) {
    for (long count : counts) {
      out.u(count);
    }
  }

  void restore(StateReader in) {
    Arrays.setAll(counts, i -> in.u());
  }
}
