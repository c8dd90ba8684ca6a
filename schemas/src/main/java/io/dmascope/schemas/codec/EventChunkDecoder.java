package io.dmascope.schemas.codec;

import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
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
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import java.util.ArrayList;
import java.util.List;

/**
 * Unpacks values of the events topic.
 *
 * <p>Reads Avro's binary form of {@code EventChunk} by hand, field by field in the schema's order;
 * a record of an earlier schema is first resolved to the present one by Avro. A chunk is decoded as
 * a whole or not at all. Has no state of its own: safe for any number of threads.
 */
public final class EventChunkDecoder /* hot path */ {
  static final SingleObject<io.dmascope.schemas.avro.EventChunk> FORMAT =
      new SingleObject<>(io.dmascope.schemas.avro.EventChunk.getClassSchema());

  private static final EventKind[] KINDS = EventKind.values();
  private static final MapApi[] MAP_APIS = MapApi.values();
  private static final AllocApi[] ALLOC_APIS = AllocApi.values();
  private static final DmaDirection[] DIRECTIONS = DmaDirection.values();
  private static final SyncTarget[] SYNC_TARGETS = SyncTarget.values();
  private static final EventsLost.Cause[] CAUSES = EventsLost.Cause.values();
  private static final DmaBufEvent.Kind[] BUF_KINDS = DmaBufEvent.Kind.values();

  private EventChunkDecoder() {}

  /** Reads what stands before the events. */
  public static EventChunk.Head head(byte[] value) throws UndecodableRecordException {
    return readHead(open(value));
  }

  /** Decodes the whole chunk. */
  public static EventChunk decode(byte[] value) throws UndecodableRecordException {
    ByteReader in = open(value);
    EventChunk.Head head = readHead(in);
    return new EventChunk(
        head.captureId(), head.firstSequence(), new Cursor(in, head.firstSequence()).events(head));
  }

  private static ByteReader open(byte[] value) throws UndecodableRecordException {
    byte[] present = FORMAT.isPresent(value) ? value : FORMAT.encode(FORMAT.decode(value));
    return new ByteReader(present, SingleObject.HEADER_BYTES);
  }

  private static EventChunk.Head readHead(ByteReader in) throws UndecodableRecordException {
    EventChunk.Head head = new EventChunk.Head(in.readString(), in.readLong(), in.readInt());
    if (head.captureId().isEmpty()) {
      throw new UndecodableRecordException("the chunk names no capture");
    }
    if (head.eventCount() <= 0 || head.eventCount() > in.remaining()) {
      throw new UndecodableRecordException(
          "the chunk cannot hold that many events [eventCount=%d] [remaining=%d]"
              .formatted(head.eventCount(), in.remaining()));
    }
    if (head.firstSequence() < 0 || head.lastSequence() < 0) {
      throw new UndecodableRecordException(
          "a sequence is negative [firstSequence=%d]".formatted(head.firstSequence()));
    }
    return head;
  }

  /** Where decoding stands: what the next differences are counted from. */
  private static final class Cursor {
    private final ByteReader in;
    private final NamesReader names;
    private long sequence;
    private long timestampNs;
    private long place;
    private long dmaAddr;
    private long physAddr;

    Cursor(ByteReader in, long firstSequence) throws UndecodableRecordException {
      this.in = in;
      this.names = NamesReader.read(in);
      this.sequence = firstSequence;
    }

    List<TraceEvent> events(EventChunk.Head head) throws UndecodableRecordException {
      List<TraceEvent> events = new ArrayList<>(head.eventCount());
      for (int block = in.readBlock(); block > 0; block = in.readBlock()) {
        for (int i = 0; i < block; i++) {
          events.add(event());
        }
      }
      in.end();
      if (events.size() != head.eventCount()) {
        throw new UndecodableRecordException(
            "the chunk announces another number of events than it holds [announced=%d] [held=%d]"
                .formatted(head.eventCount(), events.size()));
      }
      return events;
    }

    // Constructor arguments are evaluated left to right, which is the order of the schema's fields.
    private TraceEvent event() throws UndecodableRecordException {
      EventKind kind = KINDS[in.readIndex(KINDS.length)];
      EventHeader header = header();
      return switch (kind) {
        case DMA_MAP ->
            new DmaMap(
                header,
                name(),
                MAP_APIS[in.readIndex(MAP_APIS.length)],
                direction(),
                dmaAddr(),
                in.readLong(),
                physAddr(),
                in.readLong());
        case DMA_UNMAP ->
            new DmaUnmap(
                header,
                name(),
                MAP_APIS[in.readIndex(MAP_APIS.length)],
                direction(),
                dmaAddr(),
                in.readLong(),
                in.readLong());
        case DMA_MAP_SG ->
            new DmaMapSg(
                header,
                name(),
                direction(),
                in.readInt(),
                in.readInt(),
                physAddrs(),
                dmaAddrs(),
                U64List.wrap(in.readLongs()),
                in.readLong());
        case DMA_MAP_SG_ERROR ->
            new DmaMapSgError(
                header, name(), direction(), physAddrs(), in.readInt(), in.readLong());
        case DMA_UNMAP_SG ->
            new DmaUnmapSg(header, name(), direction(), physAddrs(), in.readLong());
        case DMA_ALLOC ->
            new DmaAlloc(
                header,
                name(),
                ALLOC_APIS[in.readIndex(ALLOC_APIS.length)],
                direction(),
                dmaAddr(),
                in.readLong(),
                in.readLong(),
                in.readBoolean(),
                name(),
                in.readLong());
        case DMA_FREE ->
            new DmaFree(
                header,
                name(),
                ALLOC_APIS[in.readIndex(ALLOC_APIS.length)],
                direction(),
                dmaAddr(),
                in.readLong(),
                in.readLong(),
                in.readBoolean(),
                in.readLong());
        case DMA_ALLOC_SGT ->
            new DmaAllocSgt(
                header,
                name(),
                direction(),
                dmaAddr(),
                in.readLong(),
                physAddrs(),
                in.readBoolean(),
                name(),
                in.readLong());
        case DMA_FREE_SGT ->
            new DmaFreeSgt(header, name(), direction(), dmaAddr(), in.readLong(), physAddrs());
        case DMA_SYNC ->
            new DmaSync(header, name(), syncTarget(), direction(), dmaAddr(), in.readLong());
        case DMA_SYNC_SG ->
            new DmaSyncSg(
                header,
                name(),
                syncTarget(),
                direction(),
                dmaAddrs(),
                U64List.wrap(in.readLongs()));
        case IOMMU_MAP -> new IommuMap(header, dmaAddr(), physAddr(), in.readLong());
        case IOMMU_UNMAP -> new IommuUnmap(header, dmaAddr(), in.readLong(), in.readLong());
        case IOMMU_GROUP_CHANGE ->
            new IommuGroupChange(header, in.readInt(), name(), in.readBoolean());
        case IOMMU_ATTACH -> new IommuAttach(header, name());
        case IO_PAGE_FAULT ->
            new IoPageFault(
                header,
                name(),
                name(),
                dmaAddr(),
                in.readInt(),
                in.readBoolean(),
                in.readBoolean(),
                in.readLong());
        case SWIOTLB_BOUNCE ->
            new SwiotlbBounce(
                header, name(), in.readLong(), dmaAddr(), in.readLong(), in.readBoolean());
        case DMA_BUF_EVENT ->
            new DmaBufEvent(
                header,
                BUF_KINDS[in.readIndex(BUF_KINDS.length)],
                name(),
                in.readLong(),
                in.readLong(),
                in.readInt(),
                in.readLong(),
                in.readBoolean(),
                name());
        case EVENTS_LOST ->
            new EventsLost(header, in.readLong(), CAUSES[in.readIndex(CAUSES.length)]);
        case MARKER -> new Marker(header, in.readString());
        case PROBE_EVENT -> ProbeFields.read(header, in, names);
        case CAPTURE_START ->
            new CaptureStart(
                header,
                new CaptureFacts(
                    name(),
                    name(),
                    name(),
                    name(),
                    name(),
                    in.readBoolean(),
                    RigManifestCodec.read(in)));
        case CAPTURE_END ->
            new CaptureEnd(
                header,
                new InputCounts(
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong(),
                    in.readLong()));
      };
    }

    private EventHeader header() throws UndecodableRecordException {
      timestampNs += in.readLong();
      place += in.readLong();
      int cpu = in.readInt();
      int task = names.readTask(in);
      return new EventHeader(
          sequence++, timestampNs, cpu, names.pid(task), names.comm(task), place);
    }

    private String name() throws UndecodableRecordException {
      return names.readName(in);
    }

    private DmaDirection direction() throws UndecodableRecordException {
      return DIRECTIONS[in.readIndex(DIRECTIONS.length)];
    }

    private SyncTarget syncTarget() throws UndecodableRecordException {
      return SYNC_TARGETS[in.readIndex(SYNC_TARGETS.length)];
    }

    private long dmaAddr() throws UndecodableRecordException {
      dmaAddr += in.readLong();
      return dmaAddr;
    }

    private long physAddr() throws UndecodableRecordException {
      physAddr += in.readLong();
      return physAddr;
    }

    private U64List dmaAddrs() throws UndecodableRecordException {
      long[] addrs = in.readDeltas(dmaAddr);
      if (addrs.length > 0) {
        dmaAddr = addrs[addrs.length - 1];
      }
      return U64List.wrap(addrs);
    }

    private U64List physAddrs() throws UndecodableRecordException {
      long[] addrs = in.readDeltas(physAddr);
      if (addrs.length > 0) {
        physAddr = addrs[addrs.length - 1];
      }
      return U64List.wrap(addrs);
    }
  }
}
