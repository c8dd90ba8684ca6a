package io.dmascope.producer.write.tracedat;

import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaAllocSgt;
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
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.IommuAttach;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.event.TraceEvent;
import java.nio.ByteOrder;
import java.util.Locale;

/** Encodes events as the records of one kernel. */
public final class EventRecords {
  /** Where {@code tracing_mark_write} lies in the made-up kernel. */
  public static final long MARK_WRITE_ADDR = 0xffff_ffff_8120_0000L;

  private final EventFormats formats;
  private final ByteOrder order;

  public EventRecords(EventFormats formats, ByteOrder order) {
    this.formats = formats;
    this.order = order;
  }

  /** The payload of the event's record. */
  public byte[] payload(TraceEvent event) {
    return record(event).bytes();
  }

  private RecordWriter record(TraceEvent event) {
    return switch (event) {
      case DmaMap e ->
          start(e, "dma_map_" + name(e.api()))
              .text("device", e.device())
              .number("phys_addr", e.physAddr())
              .number("dma_addr", e.dmaAddr())
              .number("size", e.sizeBytes())
              .number("dir", value(e.direction()))
              .number("attrs", e.attrs());
      case DmaUnmap e ->
          start(e, "dma_unmap_" + name(e.api()))
              .text("device", e.device())
              .number("addr", e.dmaAddr())
              .number("size", e.sizeBytes())
              .number("dir", value(e.direction()))
              .number("attrs", e.attrs());
      case DmaMapSg e ->
          start(e, "dma_map_sg")
              .text("device", e.device())
              .number("full_nents", e.fullNents())
              .number("full_ents", e.fullEnts())
              .number("truncated", e.truncated() ? 1 : 0)
              .list("phys_addrs", e.physAddrs().toArray())
              .list("dma_addrs", e.dmaAddrs().toArray())
              .list("lengths", e.lengths().toArray())
              .number("dir", value(e.direction()))
              .number("attrs", e.attrs());
      case DmaMapSgError e ->
          start(e, "dma_map_sg_err")
              .text("device", e.device())
              .list("phys_addrs", e.physAddrs().toArray())
              .number("err", e.error())
              .number("dir", value(e.direction()))
              .number("attrs", e.attrs());
      case DmaUnmapSg e ->
          start(e, "dma_unmap_sg")
              .text("device", e.device())
              .list("addrs", e.physAddrs().toArray())
              .number("dir", value(e.direction()))
              .number("attrs", e.attrs());
      case DmaAlloc e ->
          start(e, "dma_alloc" + suffix(e.api()))
              .text("device", e.device())
              .number("virt_addr", e.cpuAddr())
              .number("dma_addr", e.dmaAddr())
              .number("size", e.sizeBytes())
              .number("flags", GfpFlags.value(e.gfpFlags()))
              .number("dir", value(e.direction()))
              .number("attrs", e.attrs());
      case DmaFree e ->
          start(e, "dma_free" + suffix(e.api()))
              .text("device", e.device())
              .number("virt_addr", e.cpuAddr())
              .number("dma_addr", e.dmaAddr())
              .number("size", e.sizeBytes())
              .number("dir", value(e.direction()))
              .number("attrs", e.attrs());
      case DmaAllocSgt e -> allocSgt(e);
      case DmaFreeSgt e ->
          start(e, "dma_free_sgt")
              .text("device", e.device())
              .list("phys_addrs", e.physAddrs().toArray())
              .number("dma_addr", e.dmaAddr())
              .number("size", e.sizeBytes())
              .number("dir", value(e.direction()));
      case DmaSync e ->
          start(e, "dma_sync_single" + suffix(e.target()))
              .text("device", e.device())
              .number("dma_addr", e.dmaAddr())
              .number("size", e.sizeBytes())
              .number("dir", value(e.direction()));
      case DmaSyncSg e ->
          start(e, "dma_sync_sg" + suffix(e.target()))
              .text("device", e.device())
              .list("dma_addrs", e.dmaAddrs().toArray())
              .list("lengths", e.lengths().toArray())
              .number("dir", value(e.direction()));
      case IommuMap e ->
          start(e, "map")
              .number("iova", e.iova())
              .number("paddr", e.physAddr())
              .number("size", e.sizeBytes());
      case IommuUnmap e ->
          start(e, "unmap")
              .number("iova", e.iova())
              .number("size", e.sizeBytes())
              .number("unmapped_size", e.unmappedBytes());
      case IommuGroupChange e ->
          start(e, e.added() ? "add_device_to_group" : "remove_device_from_group")
              .number("gid", e.groupId())
              .text("device", e.device());
      case IommuAttach e -> start(e, "attach_device_to_domain").text("device", e.device());
      case IoPageFault e ->
          start(e, "io_page_fault")
              .text("device", e.device())
              .text("driver", e.driver())
              .number("iova", e.iova())
              .number("flags", e.flags());
      case SwiotlbBounce e ->
          start(e, "swiotlb_bounced")
              .text("dev_name", e.device())
              .number("dma_mask", e.dmaMask())
              .number("dev_addr", e.deviceAddr())
              .number("size", e.sizeBytes())
              .number("force", e.forced() ? 1 : 0);
      case DmaBufEvent e -> dmaBuf(e);
      case Marker e -> start(e, "print").number("ip", MARK_WRITE_ADDR).text("buf", e.text() + "\n");
      case ProbeEvent _, EventsLost _, CaptureStart _, CaptureEnd _ ->
          throw new IllegalStateException("no tracepoint records this [event=%s]".formatted(event));
    };
  }

  /** The failed form has an address instead of a list: NULL, or it would not have failed. */
  private RecordWriter allocSgt(DmaAllocSgt e) {
    RecordWriter record =
        start(e, e.failed() ? "dma_alloc_sgt_err" : "dma_alloc_sgt")
            .text("device", e.device())
            .number("dma_addr", e.dmaAddr())
            .number("size", e.sizeBytes())
            .number("flags", GfpFlags.value(e.gfpFlags()))
            .number("dir", value(e.direction()))
            .number("attrs", e.attrs());
    return e.failed() ? record : record.list("phys_addrs", e.physAddrs().toArray());
  }

  private RecordWriter dmaBuf(DmaBufEvent e) {
    RecordWriter record =
        start(e, e.kind().tracepoint())
            .text("exp_name", e.exporter())
            .number("size", e.sizeBytes())
            .number("ino", e.inode());
    return switch (e.kind()) {
      case EXPORT, MMAP_INTERNAL, MMAP, PUT -> record;
      case FD, GET -> record.number("fd", e.fd());
      case ATTACH, DETACH ->
          record
              .text("dev_name", e.device())
              .number("attach", e.attachment())
              .number("is_dynamic", e.dynamic() ? 1 : 0);
    };
  }

  private RecordWriter start(TraceEvent event, String name) {
    return new RecordWriter(formats.of(name), event.header().pid(), order);
  }

  private static int value(DmaDirection direction) {
    return direction == DmaDirection.UNKNOWN ? -1 : direction.ordinal();
  }

  private static String name(MapApi api) {
    return api.name().toLowerCase(Locale.ROOT);
  }

  private static String suffix(AllocApi api) {
    return api == AllocApi.PAGES ? "_pages" : "";
  }

  private static String suffix(SyncTarget target) {
    return target == SyncTarget.CPU ? "_for_cpu" : "_for_device";
  }
}
