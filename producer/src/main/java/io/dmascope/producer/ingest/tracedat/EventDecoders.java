package io.dmascope.producer.ingest.tracedat;

import static java.util.Map.entry;

import io.dmascope.model.event.AllocApi;
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
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.IommuAttach;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.event.U64List;
import io.dmascope.producer.ingest.tracedat.RecordLayout.MissingFieldException;
import io.dmascope.producer.ingest.tracedat.RecordLayout.NumberField;
import io.dmascope.producer.ingest.tracedat.RecordLayout.TextField;
import io.dmascope.producer.ingest.tracedat.RecordLayout.U64ListField;
import java.util.Map;

/**
 * The decoders of one file, by event id. The table names each event by system and name; a row binds
 * the fields once, from the file's own format description, so that every kernel's layout is read as
 * it is: include/trace/events/dma.h, iommu.h, swiotlb.h, dma_buf.h.
 */
final class EventDecoders {
  /** {@code common_type} has 16 bits. */
  static final int IDS = 1 << 16;

  /** Makes a decoder of an event's layout. */
  @FunctionalInterface
  private interface Binding {
    EventDecoder bind(RecordLayout layout) throws MissingFieldException;
  }

  private static final Map<String, Binding> BINDINGS =
      Map.ofEntries(
          entry("dma:dma_map_page", l -> map(l, MapApi.PAGE)),
          entry("dma:dma_map_resource", l -> map(l, MapApi.RESOURCE)),
          entry("dma:dma_map_phys", l -> map(l, MapApi.PHYS)),
          entry("dma:dma_unmap_page", l -> unmap(l, MapApi.PAGE)),
          entry("dma:dma_unmap_resource", l -> unmap(l, MapApi.RESOURCE)),
          entry("dma:dma_unmap_phys", l -> unmap(l, MapApi.PHYS)),
          entry("dma:dma_map_sg", EventDecoders::mapSg),
          entry("dma:dma_map_sg_err", EventDecoders::mapSgError),
          entry("dma:dma_unmap_sg", EventDecoders::unmapSg),
          entry("dma:dma_alloc", l -> alloc(l, AllocApi.COHERENT)),
          entry("dma:dma_alloc_pages", l -> alloc(l, AllocApi.PAGES)),
          entry("dma:dma_alloc_sgt", EventDecoders::allocSgt),
          entry("dma:dma_alloc_sgt_err", EventDecoders::allocSgtError),
          entry("dma:dma_free", l -> free(l, AllocApi.COHERENT)),
          entry("dma:dma_free_pages", l -> free(l, AllocApi.PAGES)),
          entry("dma:dma_free_sgt", EventDecoders::freeSgt),
          entry("dma:dma_sync_single_for_cpu", l -> sync(l, SyncTarget.CPU)),
          entry("dma:dma_sync_single_for_device", l -> sync(l, SyncTarget.DEVICE)),
          entry("dma:dma_sync_sg_for_cpu", l -> syncSg(l, SyncTarget.CPU)),
          entry("dma:dma_sync_sg_for_device", l -> syncSg(l, SyncTarget.DEVICE)),
          entry("iommu:map", EventDecoders::iommuMap),
          entry("iommu:unmap", EventDecoders::iommuUnmap),
          entry("iommu:add_device_to_group", l -> groupChange(l, true)),
          entry("iommu:remove_device_from_group", l -> groupChange(l, false)),
          entry("iommu:attach_device_to_domain", EventDecoders::attach),
          entry("iommu:io_page_fault", EventDecoders::pageFault),
          entry("swiotlb:swiotlb_bounced", EventDecoders::bounce),
          entry("dma_buf:dma_buf_export", l -> dmaBuf(l, DmaBufEvent.Kind.EXPORT)),
          entry("dma_buf:dma_buf_mmap_internal", l -> dmaBuf(l, DmaBufEvent.Kind.MMAP_INTERNAL)),
          entry("dma_buf:dma_buf_mmap", l -> dmaBuf(l, DmaBufEvent.Kind.MMAP)),
          entry("dma_buf:dma_buf_put", l -> dmaBuf(l, DmaBufEvent.Kind.PUT)),
          entry("dma_buf:dma_buf_fd", l -> dmaBuf(l, DmaBufEvent.Kind.FD)),
          entry("dma_buf:dma_buf_get", l -> dmaBuf(l, DmaBufEvent.Kind.GET)),
          entry("dma_buf:dma_buf_dynamic_attach", l -> dmaBuf(l, DmaBufEvent.Kind.ATTACH)),
          entry("dma_buf:dma_buf_detach", l -> dmaBuf(l, DmaBufEvent.Kind.DETACH)),
          entry("ftrace:print", EventDecoders::marker));

  private final EventDecoder[] byId = new EventDecoder[IDS];
  private final int typeOffset;
  private final int pidOffset;

  EventDecoders(TraceDatFile file) {
    StringCache strings = new StringCache();
    int type = 0;
    int pid = 4;
    for (TraceDatFile.SystemFormat entry : file.formats()) {
      FormatText format = entry.format();
      if (format.field("common_type") != null && format.field("common_pid") != null) {
        type = format.field("common_type").offset();
        pid = format.field("common_pid").offset();
      }
      Binding binding = BINDINGS.get(entry.system() + ":" + format.name());
      if (binding != null && format.id() >= 0 && format.id() < IDS) {
        byId[format.id()] = bind(binding, new RecordLayout(format, file.longSize(), strings));
      }
    }
    this.typeOffset = type;
    this.pidOffset = pid;
  }

  private static EventDecoder bind(Binding binding, RecordLayout layout) {
    try {
      return binding.bind(layout);
    } catch (MissingFieldException missing) {
      String message = missing.getMessage(); // each record of the event is then an issue
      return (payload, header) -> {
        throw new BadPayloadException(message);
      };
    }
  }

  /** Returns the id of the payload's event, or -1 where the payload is too short to have one. */
  int idOf(Payload payload) {
    return payload.has(typeOffset, 2) ? payload.u16Unchecked(typeOffset) : -1;
  }

  /** Where {@code common_pid} lies in every payload. */
  int pidOffset() {
    return pidOffset;
  }

  /** Returns the decoder, or null for an event that is none of ours; the id has 16 bits. */
  EventDecoder decoder(int id) {
    return byId[id];
  }

  private static EventDecoder map(RecordLayout l, MapApi api) throws MissingFieldException {
    TextField device = l.text("device");
    NumberField dir = direction(l);
    NumberField dmaAddr = l.number("dma_addr");
    NumberField size = l.number("size");
    NumberField physAddr = l.number("phys_addr");
    NumberField attrs = l.number("attrs");
    return (p, h) ->
        new DmaMap(
            h,
            device.read(p),
            api,
            DmaDirection.ofKernelValue(dir.read(p)),
            dmaAddr.read(p),
            size.read(p),
            physAddr.read(p),
            attrs.read(p));
  }

  private static EventDecoder unmap(RecordLayout l, MapApi api) throws MissingFieldException {
    TextField device = l.text("device");
    NumberField dir = direction(l);
    NumberField dmaAddr = l.number("addr"); // printed as dma_addr
    NumberField size = l.number("size");
    NumberField attrs = l.number("attrs");
    return (p, h) ->
        new DmaUnmap(
            h,
            device.read(p),
            api,
            DmaDirection.ofKernelValue(dir.read(p)),
            dmaAddr.read(p),
            size.read(p),
            attrs.read(p));
  }

  private static EventDecoder mapSg(RecordLayout l) throws MissingFieldException {
    TextField device = l.text("device");
    NumberField dir = direction(l);
    U64ListField physAddrs = l.numbers("phys_addrs");
    U64ListField dmaAddrs = l.numbers("dma_addrs");
    U64ListField lengths = l.numbers("lengths");
    NumberField attrs = l.number("attrs");
    // The first layouts traced every entry and no counts.
    boolean counted = l.has("full_nents") && l.has("full_ents");
    NumberField fullNents = l.numberOr("full_nents", 0);
    NumberField fullEnts = l.numberOr("full_ents", 0);
    return (p, h) -> {
      U64List phys = physAddrs.read(p);
      U64List dma = dmaAddrs.read(p);
      U64List sizes = sameSize(dma, lengths.read(p));
      return new DmaMapSg(
          h,
          device.read(p),
          DmaDirection.ofKernelValue(dir.read(p)),
          counted ? (int) fullNents.read(p) : phys.size(),
          counted ? (int) fullEnts.read(p) : dma.size(),
          phys,
          dma,
          sizes,
          attrs.read(p));
    };
  }

  private static EventDecoder mapSgError(RecordLayout l) throws MissingFieldException {
    TextField device = l.text("device");
    NumberField dir = direction(l);
    U64ListField physAddrs = l.numbers("phys_addrs");
    NumberField error = l.number("err");
    NumberField attrs = l.number("attrs");
    return (p, h) ->
        new DmaMapSgError(
            h,
            device.read(p),
            DmaDirection.ofKernelValue(dir.read(p)),
            physAddrs.read(p),
            (int) error.read(p),
            attrs.read(p));
  }

  private static EventDecoder unmapSg(RecordLayout l) throws MissingFieldException {
    TextField device = l.text("device");
    NumberField dir = direction(l);
    U64ListField physAddrs = l.numbers("addrs"); // sg_phys() of each entry
    NumberField attrs = l.number("attrs");
    return (p, h) ->
        new DmaUnmapSg(
            h,
            device.read(p),
            DmaDirection.ofKernelValue(dir.read(p)),
            physAddrs.read(p),
            attrs.read(p));
  }

  private static EventDecoder alloc(RecordLayout l, AllocApi api) throws MissingFieldException {
    TextField device = l.text("device");
    NumberField dir = direction(l);
    NumberField dmaAddr = l.number("dma_addr");
    NumberField size = l.number("size");
    boolean phys = hasPhysInsteadOfVirt(l);
    NumberField cpuAddr = l.number(phys ? "phys_addr" : "virt_addr");
    TextField gfp = l.flags("flags");
    NumberField attrs = l.number("attrs");
    return (p, h) ->
        new DmaAlloc(
            h,
            device.read(p),
            api,
            DmaDirection.ofKernelValue(dir.read(p)),
            dmaAddr.read(p),
            size.read(p),
            cpuAddr.read(p),
            phys,
            gfp.read(p),
            attrs.read(p));
  }

  private static EventDecoder free(RecordLayout l, AllocApi api) throws MissingFieldException {
    TextField device = l.text("device");
    NumberField dir = direction(l);
    NumberField dmaAddr = l.number("dma_addr");
    NumberField size = l.number("size");
    boolean phys = hasPhysInsteadOfVirt(l);
    NumberField cpuAddr = l.number(phys ? "phys_addr" : "virt_addr");
    NumberField attrs = l.number("attrs");
    return (p, h) ->
        new DmaFree(
            h,
            device.read(p),
            api,
            DmaDirection.ofKernelValue(dir.read(p)),
            dmaAddr.read(p),
            size.read(p),
            cpuAddr.read(p),
            phys,
            attrs.read(p));
  }

  /** The first layout of v6.12, before vmalloc addresses were thought of. */
  private static boolean hasPhysInsteadOfVirt(RecordLayout l) {
    return !l.has("virt_addr") && l.has("phys_addr");
  }

  private static EventDecoder allocSgt(RecordLayout l) throws MissingFieldException {
    TextField device = l.text("device");
    NumberField dir = direction(l);
    NumberField dmaAddr = l.number("dma_addr");
    NumberField size = l.number("size");
    U64ListField physAddrs = l.numbers("phys_addrs");
    TextField gfp = l.flags("flags");
    NumberField attrs = l.number("attrs");
    return (p, h) ->
        new DmaAllocSgt(
            h,
            device.read(p),
            DmaDirection.ofKernelValue(dir.read(p)),
            dmaAddr.read(p),
            size.read(p),
            physAddrs.read(p),
            false,
            gfp.read(p),
            attrs.read(p));
  }

  private static EventDecoder allocSgtError(RecordLayout l) throws MissingFieldException {
    TextField device = l.text("device");
    NumberField dir = direction(l);
    NumberField dmaAddr = l.number("dma_addr");
    NumberField size = l.number("size");
    TextField gfp = l.flags("flags");
    NumberField attrs = l.number("attrs");
    return (p, h) ->
        new DmaAllocSgt(
            h,
            device.read(p),
            DmaDirection.ofKernelValue(dir.read(p)),
            dmaAddr.read(p),
            size.read(p),
            U64List.EMPTY,
            true,
            gfp.read(p),
            attrs.read(p));
  }

  private static EventDecoder freeSgt(RecordLayout l) throws MissingFieldException {
    TextField device = l.text("device");
    NumberField dir = direction(l);
    NumberField dmaAddr = l.number("dma_addr");
    NumberField size = l.number("size");
    U64ListField physAddrs = l.numbers("phys_addrs");
    return (p, h) ->
        new DmaFreeSgt(
            h,
            device.read(p),
            DmaDirection.ofKernelValue(dir.read(p)),
            dmaAddr.read(p),
            size.read(p),
            physAddrs.read(p));
  }

  private static EventDecoder sync(RecordLayout l, SyncTarget target) throws MissingFieldException {
    TextField device = l.text("device");
    NumberField dir = direction(l);
    NumberField dmaAddr = l.number("dma_addr");
    NumberField size = l.number("size");
    return (p, h) ->
        new DmaSync(
            h,
            device.read(p),
            target,
            DmaDirection.ofKernelValue(dir.read(p)),
            dmaAddr.read(p),
            size.read(p));
  }

  private static EventDecoder syncSg(RecordLayout l, SyncTarget target)
      throws MissingFieldException {
    TextField device = l.text("device");
    NumberField dir = direction(l);
    U64ListField dmaAddrs = l.numbers("dma_addrs");
    U64ListField lengths = l.numbers("lengths");
    return (p, h) -> {
      U64List dma = dmaAddrs.read(p);
      return new DmaSyncSg(
          h,
          device.read(p),
          target,
          DmaDirection.ofKernelValue(dir.read(p)),
          dma,
          sameSize(dma, lengths.read(p)));
    };
  }

  private static U64List sameSize(U64List dmaAddrs, U64List lengths) throws BadPayloadException {
    if (dmaAddrs.size() != lengths.size()) {
      throw new BadPayloadException(
          "dma_addrs and lengths differ in size [dma_addrs=%d] [lengths=%d]"
              .formatted(dmaAddrs.size(), lengths.size()));
    }
    return lengths;
  }

  private static EventDecoder iommuMap(RecordLayout l) throws MissingFieldException {
    NumberField iova = l.number("iova");
    NumberField physAddr = l.number("paddr");
    NumberField size = l.number("size");
    return (p, h) -> new IommuMap(h, iova.read(p), physAddr.read(p), size.read(p));
  }

  private static EventDecoder iommuUnmap(RecordLayout l) throws MissingFieldException {
    NumberField iova = l.number("iova");
    NumberField size = l.number("size");
    NumberField unmapped = l.number("unmapped_size");
    return (p, h) -> new IommuUnmap(h, iova.read(p), size.read(p), unmapped.read(p));
  }

  private static EventDecoder groupChange(RecordLayout l, boolean added)
      throws MissingFieldException {
    NumberField group = l.number("gid");
    TextField device = l.text("device");
    return (p, h) -> new IommuGroupChange(h, (int) group.read(p), device.read(p), added);
  }

  private static EventDecoder attach(RecordLayout l) throws MissingFieldException {
    TextField device = l.text("device");
    return (p, h) -> new IommuAttach(h, device.read(p));
  }

  private static EventDecoder pageFault(RecordLayout l) throws MissingFieldException {
    TextField device = l.text("device");
    TextField driver = l.text("driver");
    NumberField iova = l.number("iova");
    NumberField flags = l.number("flags");
    return (p, h) ->
        IoPageFault.traced(h, device.read(p), driver.read(p), iova.read(p), (int) flags.read(p));
  }

  private static EventDecoder bounce(RecordLayout l) throws MissingFieldException {
    TextField device = l.text("dev_name");
    NumberField mask = l.number("dma_mask");
    NumberField deviceAddr = l.number("dev_addr");
    NumberField size = l.number("size");
    NumberField force = l.number("force");
    return (p, h) ->
        new SwiotlbBounce(
            h, device.read(p), mask.read(p), deviceAddr.read(p), size.read(p), force.read(p) != 0);
  }

  private static EventDecoder dmaBuf(RecordLayout l, DmaBufEvent.Kind kind)
      throws MissingFieldException {
    TextField exporter = l.text("exp_name");
    NumberField size = l.number("size");
    NumberField inode = l.number("ino");
    NumberField fd = l.numberOr("fd", EventHeader.UNKNOWN);
    NumberField attachment = l.numberOr("attach", 0);
    NumberField dynamic = l.numberOr("is_dynamic", 0);
    TextField device = l.has("dev_name") ? l.text("dev_name") : p -> "";
    return (p, h) ->
        new DmaBufEvent(
            h,
            kind,
            exporter.read(p),
            size.read(p),
            inode.read(p),
            (int) fd.read(p),
            attachment.read(p),
            dynamic.read(p) != 0,
            device.read(p));
  }

  /** What user space wrote to trace_marker; the kernel adds a newline. */
  private static EventDecoder marker(RecordLayout l) throws MissingFieldException {
    TextField text = l.text("buf");
    return (p, h) -> {
      String written = text.read(p);
      return new Marker(
          h, written.endsWith("\n") ? written.substring(0, written.length() - 1) : written);
    };
  }

  /** The direction where the kernel fills it: the first dma_alloc declared it and never did. */
  private static NumberField direction(RecordLayout l) throws MissingFieldException {
    return l.has("dir") && l.format().prints("dir") ? l.number("dir") : p -> -1;
  }
}
