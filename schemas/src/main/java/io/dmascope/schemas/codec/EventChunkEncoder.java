package io.dmascope.schemas.codec;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
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
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.InputCounts;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.IommuAttach;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;

/**
 * Packs consecutive events of one capture into values of the events topic.
 *
 * <p>Writes Avro's binary form of {@code EventChunk} by hand, field by field in the schema's order;
 * EventChunkSchemaTest holds it to what the generated classes write. Owned by one thread.
 */
public final class EventChunkEncoder /* hot path */ {
  private final String captureId;
  private final NamesWriter names = new NamesWriter();
  private final ByteWriter out = new ByteWriter(16 * 1024);
  private long firstSequence;
  private int eventCount;
  private long timestampNs;
  private long place;
  private long dmaAddr;
  private long physAddr;

  public EventChunkEncoder(String captureId) {
    this.captureId = captureId;
  }

  /** How many events {@link #finish} would pack. */
  public int eventCount() {
    return eventCount;
  }

  /** About how many bytes {@link #finish} would return. */
  public int sizeBytes() {
    return out.size() + names.sizeBytes() + captureId.length();
  }

  /** True where the event can follow what is in the chunk already. */
  public boolean accepts(TraceEvent event) {
    return eventCount == 0 || event.header().sequence() == firstSequence + eventCount;
  }

  /**
   * Adds the event that follows the previous one.
   *
   * @throws IllegalArgumentException unless it {@link #accepts} the event
   */
  public void add(TraceEvent event) {
    if (!accepts(event)) {
      throw new IllegalArgumentException(
          "an event does not follow its chunk [sequence=%d] [expected=%d]"
              .formatted(event.header().sequence(), firstSequence + eventCount));
    }
    if (eventCount == 0) {
      firstSequence = event.header().sequence();
    }
    write(event);
    eventCount++;
  }

  /** Returns the value of the chunk and begins the next one. */
  public byte[] finish() {
    if (eventCount == 0) {
      throw new IllegalStateException("an empty chunk is never written");
    }
    ByteWriter value = new ByteWriter(sizeBytes() + 64);
    EventChunkDecoder.FORMAT.writeHeader(value);
    value.writeString(captureId);
    value.writeLong(firstSequence);
    value.writeInt(eventCount);
    names.writeTo(value);
    value.writeArray(eventCount, out);
    clear();
    return value.toByteArray();
  }

  private void clear() {
    names.clear();
    out.clear();
    eventCount = 0;
    timestampNs = 0;
    place = 0;
    dmaAddr = 0;
    physAddr = 0;
  }

  private void write(TraceEvent event) {
    switch (event) {
      case DmaMap e -> {
        begin(EventKind.DMA_MAP, e.header());
        name(e.device());
        out.writeInt(e.api().ordinal());
        out.writeInt(e.direction().ordinal());
        dmaAddr(e.dmaAddr());
        out.writeLong(e.sizeBytes());
        physAddr(e.physAddr());
        out.writeLong(e.attrs());
      }
      case DmaUnmap e -> {
        begin(EventKind.DMA_UNMAP, e.header());
        name(e.device());
        out.writeInt(e.api().ordinal());
        out.writeInt(e.direction().ordinal());
        dmaAddr(e.dmaAddr());
        out.writeLong(e.sizeBytes());
        out.writeLong(e.attrs());
      }
      case DmaMapSg e -> {
        begin(EventKind.DMA_MAP_SG, e.header());
        name(e.device());
        out.writeInt(e.direction().ordinal());
        out.writeInt(e.fullNents());
        out.writeInt(e.fullEnts());
        physAddrs(e.physAddrs());
        dmaAddrs(e.dmaAddrs());
        numbers(e.lengths());
        out.writeLong(e.attrs());
      }
      case DmaMapSgError e -> {
        begin(EventKind.DMA_MAP_SG_ERROR, e.header());
        name(e.device());
        out.writeInt(e.direction().ordinal());
        physAddrs(e.physAddrs());
        out.writeInt(e.error());
        out.writeLong(e.attrs());
      }
      case DmaUnmapSg e -> {
        begin(EventKind.DMA_UNMAP_SG, e.header());
        name(e.device());
        out.writeInt(e.direction().ordinal());
        physAddrs(e.physAddrs());
        out.writeLong(e.attrs());
      }
      case DmaAlloc e -> {
        begin(EventKind.DMA_ALLOC, e.header());
        name(e.device());
        out.writeInt(e.api().ordinal());
        out.writeInt(e.direction().ordinal());
        dmaAddr(e.dmaAddr());
        out.writeLong(e.sizeBytes());
        out.writeLong(e.cpuAddr());
        out.writeBoolean(e.cpuAddrIsPhys());
        name(e.gfpFlags());
        out.writeLong(e.attrs());
      }
      case DmaFree e -> {
        begin(EventKind.DMA_FREE, e.header());
        name(e.device());
        out.writeInt(e.api().ordinal());
        out.writeInt(e.direction().ordinal());
        dmaAddr(e.dmaAddr());
        out.writeLong(e.sizeBytes());
        out.writeLong(e.cpuAddr());
        out.writeBoolean(e.cpuAddrIsPhys());
        out.writeLong(e.attrs());
      }
      case DmaAllocSgt e -> {
        begin(EventKind.DMA_ALLOC_SGT, e.header());
        name(e.device());
        out.writeInt(e.direction().ordinal());
        dmaAddr(e.dmaAddr());
        out.writeLong(e.sizeBytes());
        physAddrs(e.physAddrs());
        out.writeBoolean(e.failed());
        name(e.gfpFlags());
        out.writeLong(e.attrs());
      }
      case DmaFreeSgt e -> {
        begin(EventKind.DMA_FREE_SGT, e.header());
        name(e.device());
        out.writeInt(e.direction().ordinal());
        dmaAddr(e.dmaAddr());
        out.writeLong(e.sizeBytes());
        physAddrs(e.physAddrs());
      }
      case DmaSync e -> {
        begin(EventKind.DMA_SYNC, e.header());
        name(e.device());
        out.writeInt(e.target().ordinal());
        out.writeInt(e.direction().ordinal());
        dmaAddr(e.dmaAddr());
        out.writeLong(e.sizeBytes());
      }
      case DmaSyncSg e -> {
        begin(EventKind.DMA_SYNC_SG, e.header());
        name(e.device());
        out.writeInt(e.target().ordinal());
        out.writeInt(e.direction().ordinal());
        dmaAddrs(e.dmaAddrs());
        numbers(e.lengths());
      }
      case IommuMap e -> {
        begin(EventKind.IOMMU_MAP, e.header());
        dmaAddr(e.iova());
        physAddr(e.physAddr());
        out.writeLong(e.sizeBytes());
      }
      case IommuUnmap e -> {
        begin(EventKind.IOMMU_UNMAP, e.header());
        dmaAddr(e.iova());
        out.writeLong(e.sizeBytes());
        out.writeLong(e.unmappedBytes());
      }
      case IommuGroupChange e -> {
        begin(EventKind.IOMMU_GROUP_CHANGE, e.header());
        out.writeInt(e.groupId());
        name(e.device());
        out.writeBoolean(e.added());
      }
      case IommuAttach e -> {
        begin(EventKind.IOMMU_ATTACH, e.header());
        name(e.device());
      }
      case IoPageFault e -> {
        begin(EventKind.IO_PAGE_FAULT, e.header());
        name(e.device());
        name(e.driver());
        dmaAddr(e.iova());
        out.writeInt(e.flags());
        out.writeBoolean(e.accessKnown());
        out.writeBoolean(e.write());
        out.writeLong(e.timeErrorNs());
      }
      case SwiotlbBounce e -> {
        begin(EventKind.SWIOTLB_BOUNCE, e.header());
        name(e.device());
        out.writeLong(e.dmaMask());
        dmaAddr(e.deviceAddr());
        out.writeLong(e.sizeBytes());
        out.writeBoolean(e.forced());
      }
      case DmaBufEvent e -> {
        begin(EventKind.DMA_BUF_EVENT, e.header());
        out.writeInt(e.kind().ordinal());
        name(e.exporter());
        out.writeLong(e.sizeBytes());
        out.writeLong(e.inode());
        out.writeInt(e.fd());
        out.writeLong(e.attachment());
        out.writeBoolean(e.dynamic());
        name(e.device());
      }
      case EventsLost e -> {
        begin(EventKind.EVENTS_LOST, e.header());
        out.writeLong(e.count());
        out.writeInt(e.cause().ordinal());
      }
      case Marker e -> {
        begin(EventKind.MARKER, e.header());
        out.writeString(e.text());
      }
      case ProbeEvent e -> {
        begin(EventKind.PROBE_EVENT, e.header());
        ProbeFields.write(e, out, names);
      }
      case CaptureStart e -> {
        begin(EventKind.CAPTURE_START, e.header());
        CaptureFacts facts = e.facts();
        name(facts.captureId());
        name(facts.file());
        name(facts.format());
        name(facts.kernelRelease());
        name(facts.clock());
        out.writeBoolean(facts.completeStart());
        RigManifestCodec.write(facts.rig(), out);
      }
      case CaptureEnd e -> {
        begin(EventKind.CAPTURE_END, e.header());
        InputCounts input = e.input();
        out.writeLong(input.lines());
        out.writeLong(input.events());
        out.writeLong(input.decoded());
        out.writeLong(input.skipped());
        out.writeLong(input.issues());
        out.writeLong(input.lost());
      }
    }
  }

  private void begin(EventKind kind, EventHeader header) {
    out.writeInt(kind.ordinal());
    out.writeLong(header.timestampNs() - timestampNs);
    timestampNs = header.timestampNs();
    out.writeLong(header.place() - place);
    place = header.place();
    out.writeInt(header.cpu());
    out.writeInt(names.task(header.pid(), header.comm()));
  }

  private void name(String text) {
    out.writeInt(names.string(text));
  }

  private void dmaAddr(long addr) {
    out.writeLong(addr - dmaAddr);
    dmaAddr = addr;
  }

  private void physAddr(long addr) {
    out.writeLong(addr - physAddr);
    physAddr = addr;
  }

  private void dmaAddrs(U64List addrs) {
    beginArray(addrs);
    for (int i = 0; i < addrs.size(); i++) {
      dmaAddr(addrs.at(i));
    }
    out.writeInt(0);
  }

  private void physAddrs(U64List addrs) {
    beginArray(addrs);
    for (int i = 0; i < addrs.size(); i++) {
      physAddr(addrs.at(i));
    }
    out.writeInt(0);
  }

  private void numbers(U64List values) {
    beginArray(values);
    for (int i = 0; i < values.size(); i++) {
      out.writeLong(values.at(i));
    }
    out.writeInt(0);
  }

  /** Avro writes an array as one block with its count, if it is not empty, and a closing 0. */
  private void beginArray(U64List values) {
    if (!values.isEmpty()) {
      out.writeInt(values.size());
    }
  }
}
