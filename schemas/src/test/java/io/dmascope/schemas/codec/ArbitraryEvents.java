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
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.ProbeShape;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.model.rig.RigManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Every kind of event, with ordinary and extreme values in every field. */
final class ArbitraryEvents {
  private static final long[] EXTREMES = {
    0, 1, -1, 63, 64, -64, -65, 0xfffffffffffff000L, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32
  };
  private static final String[] NAMES = {
    "",
    "nvme",
    "0000:00:03.0",
    "swapper/0",
    "<...>",
    "kworker/u8:1-ev",
    "übung",
    "\ud83d\ude80",
    "a b"
  };

  private ArbitraryEvents() {}

  /** Chunks of events whose sequences follow each other. */
  static Arbitrary<List<TraceEvent>> chunks() {
    return Arbitraries.longs()
        .between(0, Long.MAX_VALUE - 1000)
        .flatMap(
            first ->
                Arbitraries.randomValue(random -> events(random, first, 1 + random.nextInt(60))));
  }

  /** Returns {@code count} events, of all kinds in turn where there are enough of them. */
  static List<TraceEvent> events(Random random, long firstSequence, int count) {
    List<TraceEvent> events = new ArrayList<>();
    int kind = random.nextInt(EventKind.values().length);
    for (int i = 0; i < count; i++) {
      EventKind[] kinds = EventKind.values();
      events.add(new Draw(random).event(kinds[(kind + i) % kinds.length], firstSequence + i));
    }
    return events;
  }

  private record Draw(Random random) {
    TraceEvent event(EventKind kind, long sequence) {
      EventHeader header =
          new EventHeader(sequence, number(), small(), random.nextInt(), name(), number());
      return switch (kind) {
        case CAPTURE_START ->
            new CaptureStart(
                header, new CaptureFacts(name(), name(), name(), name(), name(), bool(), rig()));
        case CAPTURE_END ->
            new CaptureEnd(
                header,
                new InputCounts(number(), number(), number(), number(), number(), number()));
        case DMA_MAP ->
            new DmaMap(
                header,
                name(),
                one(MapApi.values()),
                one(DmaDirection.values()),
                number(),
                number(),
                number(),
                number());
        case DMA_UNMAP ->
            new DmaUnmap(
                header,
                name(),
                one(MapApi.values()),
                one(DmaDirection.values()),
                number(),
                number(),
                number());
        case DMA_MAP_SG ->
            new DmaMapSg(
                header,
                name(),
                one(DmaDirection.values()),
                small(),
                small(),
                list(),
                list(),
                list(),
                number());
        case DMA_MAP_SG_ERROR ->
            new DmaMapSgError(
                header, name(), one(DmaDirection.values()), list(), random.nextInt(), number());
        case DMA_UNMAP_SG ->
            new DmaUnmapSg(header, name(), one(DmaDirection.values()), list(), number());
        case DMA_ALLOC ->
            new DmaAlloc(
                header,
                name(),
                one(AllocApi.values()),
                one(DmaDirection.values()),
                number(),
                number(),
                number(),
                bool(),
                name(),
                number());
        case DMA_FREE ->
            new DmaFree(
                header,
                name(),
                one(AllocApi.values()),
                one(DmaDirection.values()),
                number(),
                number(),
                number(),
                bool(),
                number());
        case DMA_ALLOC_SGT ->
            new DmaAllocSgt(
                header,
                name(),
                one(DmaDirection.values()),
                number(),
                number(),
                list(),
                bool(),
                name(),
                number());
        case DMA_FREE_SGT ->
            new DmaFreeSgt(header, name(), one(DmaDirection.values()), number(), number(), list());
        case DMA_SYNC ->
            new DmaSync(
                header,
                name(),
                one(SyncTarget.values()),
                one(DmaDirection.values()),
                number(),
                number());
        case DMA_SYNC_SG ->
            new DmaSyncSg(
                header,
                name(),
                one(SyncTarget.values()),
                one(DmaDirection.values()),
                list(),
                list());
        case IOMMU_MAP -> new IommuMap(header, number(), number(), number());
        case IOMMU_UNMAP -> new IommuUnmap(header, number(), number(), number());
        case IOMMU_GROUP_CHANGE -> new IommuGroupChange(header, random.nextInt(), name(), bool());
        case IOMMU_ATTACH -> new IommuAttach(header, name());
        case IO_PAGE_FAULT ->
            new IoPageFault(
                header, name(), name(), number(), random.nextInt(), bool(), bool(), number());
        case SWIOTLB_BOUNCE ->
            new SwiotlbBounce(header, name(), number(), number(), number(), bool());
        case DMA_BUF_EVENT ->
            new DmaBufEvent(
                header,
                one(DmaBufEvent.Kind.values()),
                name(),
                number(),
                number(),
                random.nextInt(),
                number(),
                bool(),
                name());
        case EVENTS_LOST -> new EventsLost(header, number(), one(EventsLost.Cause.values()));
        case MARKER -> new Marker(header, name());
        case PROBE_EVENT -> probe(header);
      };
    }

    private RigManifest rig() {
      return bool() ? RigManifest.UNKNOWN : new ArbitraryRigs(random).rig();
    }

    private ProbeEvent probe(EventHeader header) {
      ProbeShape shape = ProbeShape.all().get(random.nextInt(ProbeShape.all().size()));
      int size = random.nextInt(4);
      return shape.event(
          header,
          shape.fields().stream()
              .map(
                  field ->
                      switch (field.form()) {
                        case TEXT -> name();
                        case LIST -> list(size);
                        case NUMBER -> (Object) number();
                        case INT -> (Object) (long) random.nextInt();
                        case FLAG -> (Object) (long) random.nextInt(2);
                        case CONSTANT -> (Object) (long) random.nextInt(field.constants().size());
                      })
              .toArray());
    }

    private long number() {
      return switch (random.nextInt(3)) {
        case 0 -> EXTREMES[random.nextInt(EXTREMES.length)];
        case 1 -> random.nextInt(1 << 20);
        default -> random.nextLong();
      };
    }

    private int small() {
      return random.nextInt(5) - 1;
    }

    private boolean bool() {
      return random.nextBoolean();
    }

    private String name() {
      return one(NAMES);
    }

    private U64List list() {
      return list(random.nextInt(6));
    }

    private U64List list(int size) {
      long[] values = new long[size];
      for (int i = 0; i < values.length; i++) {
        values[i] = number();
      }
      return U64List.wrap(values);
    }

    private <T> T one(T[] values) {
      return values[random.nextInt(values.length)];
    }
  }
}
