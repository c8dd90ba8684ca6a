package io.dmascope.producer.ingest;

import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaAllocSgt;
import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaBufEvent;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaFree;
import io.dmascope.model.event.DmaFreeSgt;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaMapSgError;
import io.dmascope.model.event.DmaSync;
import io.dmascope.model.event.DmaSyncSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.IommuAttach;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.ProbeShape;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.event.TraceEvent;
import java.util.Locale;

/**
 * Prints events as the kernel's {@code trace} file does with the option {@code noirq-info}: the
 * flags column is not part of an event here.
 *
 * <pre>
 *           dd-99      [000]    10.000002: dma_map_sg: 0000:00:1f.2 dir=FROM_DEVICE nents=3/3 ...
 * </pre>
 *
 * <p>The texts are those of the newest kernels (include/trace/events/dma.h, iommu.h, swiotlb.h,
 * dma_buf.h), pointers unhashed. The start of a capture tells the printer its clock, which decides
 * how stamps look; start and end print as comments.
 */
public final class TracefsPrinter {
  private boolean stampsAreTime = true;

  /** Returns the event as a line, without a newline at its end. */
  public String line(TraceEvent event) {
    return switch (event) {
      case CaptureStart e -> start(e.facts());
      case CaptureEnd e -> end(e.input());
      case EventsLost e -> lost(e);
      case DmaMap e -> task(e, "dma_map_" + api(e.api())) + map(e);
      case DmaUnmap e -> task(e, "dma_unmap_" + api(e.api())) + unmap(e);
      case DmaMapSg e -> task(e, "dma_map_sg") + mapSg(e);
      case DmaMapSgError e ->
          task(e, "dma_map_sg_err")
              + device(e.device(), e.direction())
              + " dma_addrs=%s err=%d".formatted(e.physAddrs(), e.error())
              + attrs(e.attrs());
      case DmaUnmapSg e ->
          task(e, "dma_unmap_sg")
              + device(e.device(), e.direction())
              + " phys_addrs="
              + e.physAddrs()
              + attrs(e.attrs());
      case DmaAlloc e -> task(e, "dma_alloc" + suffix(e.api())) + alloc(e);
      case DmaFree e -> task(e, "dma_free" + suffix(e.api())) + free(e);
      case DmaAllocSgt e -> task(e, e.failed() ? "dma_alloc_sgt_err" : "dma_alloc_sgt") + sgt(e);
      case DmaFreeSgt e ->
          task(e, "dma_free_sgt")
              + device(e.device(), e.direction())
              + range(e.dmaAddr(), e.sizeBytes())
              + " phys_addrs="
              + e.physAddrs();
      case DmaSync e ->
          task(e, "dma_sync_single" + suffix(e.target()))
              + device(e.device(), e.direction())
              + range(e.dmaAddr(), e.sizeBytes());
      case DmaSyncSg e ->
          task(e, "dma_sync_sg" + suffix(e.target()))
              + device(e.device(), e.direction())
              + " dma_addrs=%s sizes=%s".formatted(e.dmaAddrs(), e.lengths());
      case IommuMap e ->
          task(e, "map")
              + "IOMMU: iova=0x%016x - 0x%016x paddr=0x%016x size=%s"
                  .formatted(e.iova(), e.iova() + e.sizeBytes(), e.physAddr(), size(e.sizeBytes()));
      case IommuUnmap e ->
          task(e, "unmap")
              + "IOMMU: iova=0x%016x - 0x%016x size=%s unmapped_size=%s"
                  .formatted(
                      e.iova(),
                      e.iova() + e.sizeBytes(),
                      size(e.sizeBytes()),
                      size(e.unmappedBytes()));
      case IommuGroupChange e ->
          task(e, e.added() ? "add_device_to_group" : "remove_device_from_group")
              + "IOMMU: groupID=%d device=%s".formatted(e.groupId(), e.device());
      case IommuAttach e -> task(e, "attach_device_to_domain") + "IOMMU: device=" + e.device();
      case IoPageFault e ->
          task(e, "io_page_fault")
              + "IOMMU:%s %s iova=0x%016x flags=0x%04x"
                  .formatted(e.driver(), e.device(), e.iova(), e.flags());
      case SwiotlbBounce e ->
          task(e, "swiotlb_bounced")
              + "dev_name: %s dma_mask=%x dev_addr=%x size=%s %s"
                  .formatted(
                      e.device(),
                      e.dmaMask(),
                      e.deviceAddr(),
                      size(e.sizeBytes()),
                      e.forced() ? "FORCE" : "NORMAL");
      case DmaBufEvent e -> task(e, e.kind().tracepoint()) + dmaBuf(e);
      case ProbeEvent e -> task(e, ProbeShape.of(e).eventName()) + ProbeShape.text(e);
      case Marker e -> task(e, "tracing_mark_write") + e.text();
    };
  }

  private String start(CaptureFacts facts) {
    stampsAreTime = facts.clockCountsTime();
    return "# capture [id=%s] [file=%s] [format=%s] [kernel=%s] [clock=%s]"
        .formatted(
            facts.captureId(), facts.file(), facts.format(), facts.kernelRelease(), facts.clock());
  }

  private static String end(InputCounts counts) {
    return "# end [records=%d] [events=%d] [decoded=%d] [skipped=%d] [issues=%d] [lost=%d]"
        .formatted(
            counts.lines(),
            counts.events(),
            counts.decoded(),
            counts.skipped(),
            counts.issues(),
            counts.lost());
  }

  private static String lost(EventsLost event) {
    int cpu = event.header().cpu();
    String where = cpu == EventHeader.UNKNOWN ? "CPU:?" : "CPU:" + cpu;
    return event.count() == EventsLost.COUNT_UNKNOWN
        ? where + " [LOST EVENTS]"
        : "%s [LOST %d EVENTS]".formatted(where, event.count());
  }

  /** The columns before the event's own text, as kernel/trace/trace_output.c prints them. */
  private String task(TraceEvent event, String name) {
    EventHeader header = event.header();
    String pid = header.pid() == EventHeader.UNKNOWN ? "?" : Integer.toString(header.pid());
    String cpu = header.cpu() == EventHeader.UNKNOWN ? "???" : "%03d".formatted(header.cpu());
    return "%16s-%-7s [%s] %s: %s: ".formatted(header.comm(), pid, cpu, stamp(header), name);
  }

  private String stamp(EventHeader header) {
    long stamp = header.timestampNs();
    if (!stampsAreTime) {
      return "%12s".formatted(Long.toUnsignedString(stamp));
    }
    long us = Long.divideUnsigned(stamp + 500, 1000); // rounds as ns2usecs() does
    return "%5d.%06d".formatted(us / 1_000_000, us % 1_000_000);
  }

  private static String map(DmaMap e) {
    return device(e.device(), e.direction())
        + range(e.dmaAddr(), e.sizeBytes())
        + " phys_addr=%x".formatted(e.physAddr())
        + attrs(e.attrs());
  }

  private static String unmap(DmaUnmap e) {
    return device(e.device(), e.direction()) + range(e.dmaAddr(), e.sizeBytes()) + attrs(e.attrs());
  }

  private static String mapSg(DmaMapSg e) {
    return device(e.device(), e.direction())
        + " nents=%d/%d ents=%d/%d%s dma_addrs=%s sizes=%s phys_addrs=%s"
            .formatted(
                e.physAddrs().size(),
                e.fullNents(),
                e.dmaAddrs().size(),
                e.fullEnts(),
                e.truncated() ? " [TRUNCATED]" : "",
                e.dmaAddrs(),
                e.lengths(),
                e.physAddrs())
        + attrs(e.attrs());
  }

  private static String alloc(DmaAlloc e) {
    return device(e.device(), e.direction())
        + range(e.dmaAddr(), e.sizeBytes())
        + cpuAddr(e.cpuAddr(), e.cpuAddrIsPhys())
        + flags(e.gfpFlags())
        + attrs(e.attrs());
  }

  private static String free(DmaFree e) {
    return device(e.device(), e.direction())
        + range(e.dmaAddr(), e.sizeBytes())
        + cpuAddr(e.cpuAddr(), e.cpuAddrIsPhys())
        + attrs(e.attrs());
  }

  /** The failed form has no list; its virt_addr is NULL, or it would not have failed. */
  private static String sgt(DmaAllocSgt e) {
    return device(e.device(), e.direction())
        + range(e.dmaAddr(), e.sizeBytes())
        + (e.failed() ? cpuAddr(0, false) : " phys_addrs=" + e.physAddrs())
        + flags(e.gfpFlags())
        + attrs(e.attrs());
  }

  private static String dmaBuf(DmaBufEvent e) {
    String buffer =
        "exp_name=%s size=%s ino=%s"
            .formatted(e.exporter(), size(e.sizeBytes()), Long.toUnsignedString(e.inode()));
    return switch (e.kind()) {
      case EXPORT, MMAP_INTERNAL, MMAP, PUT -> buffer;
      case FD, GET -> buffer + " fd=" + e.fd();
      case ATTACH, DETACH ->
          buffer
              + " attachment:%016x is_dynamic=%d dev_name=%s"
                  .formatted(e.attachment(), e.dynamic() ? 1 : 0, e.device());
    };
  }

  /** The device, and the direction where the event has one. */
  private static String device(String device, DmaDirection direction) {
    return direction == DmaDirection.UNKNOWN ? device : device + " dir=" + direction;
  }

  private static String range(long dmaAddr, long sizeBytes) {
    return " dma_addr=%x size=%s".formatted(dmaAddr, size(sizeBytes));
  }

  private static String cpuAddr(long addr, boolean phys) {
    return (phys ? " phys_addr=%x" : " virt_addr=%016x").formatted(addr);
  }

  private static String flags(String gfpFlags) {
    return gfpFlags.isEmpty() ? "" : " flags=" + gfpFlags;
  }

  private static String attrs(long attrs) {
    return " attrs=" + DmaAttrs.toText(attrs);
  }

  private static String size(long bytes) {
    return Long.toUnsignedString(bytes);
  }

  private static String api(MapApi api) {
    return api.name().toLowerCase(Locale.ROOT);
  }

  private static String suffix(AllocApi api) {
    return api == AllocApi.PAGES ? "_pages" : "";
  }

  private static String suffix(SyncTarget target) {
    return target == SyncTarget.CPU ? "_for_cpu" : "_for_device";
  }
}
