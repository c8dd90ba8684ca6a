package io.dmascope.cli.stats;

import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaFree;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaSync;
import io.dmascope.model.event.DmaSyncSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one device did. */
final class DeviceStats {
  /** Mappings whose end is waited for; the oldest goes first. */
  private static final int OPEN_MAX = 1 << 17;

  long maps;
  long mapSgs;
  long allocs;
  long syncs;
  final Spread sizes = new Spread();
  final Spread entries = new Spread();
  final Spread merged = new Spread();
  final Spread lifetimesNs = new Spread();
  final Spread listLifetimesNs = new Spread();

  private final Map<Long, Long> openSingles = bounded();
  private final Map<U64List, Long> openLists = bounded();

  void add(TraceEvent event) {
    long now = event.header().timestampNs();
    switch (event) {
      case DmaMap map when map.dmaAddr() != DmaAddress.ERROR -> {
        maps++;
        sizes.add(map.sizeBytes());
        openSingles.put(map.dmaAddr(), now);
      }
      case DmaUnmap unmap -> ended(openSingles.remove(unmap.dmaAddr()), now, lifetimesNs);
      case DmaMapSg map -> {
        mapSgs++;
        entries.add(map.fullNents());
        merged.add(map.fullEnts());
        openLists.put(map.physAddrs(), now);
      }
      case DmaUnmapSg unmap -> ended(openLists.remove(unmap.physAddrs()), now, listLifetimesNs);
      case DmaAlloc alloc when !alloc.failed() -> allocs++;
      case DmaSync _, DmaSyncSg _ -> syncs++;
      default -> {}
    }
  }

  private static void ended(Long since, long now, Spread lifetimes) {
    if (since != null) {
      lifetimes.add(now - since);
    }
  }

  /** The device that an event is about; empty for those of no interest here. */
  static String deviceOf(TraceEvent event) {
    return switch (event) {
      case DmaMap e -> e.device();
      case DmaUnmap e -> e.device();
      case DmaMapSg e -> e.device();
      case DmaUnmapSg e -> e.device();
      case DmaAlloc e -> e.device();
      case DmaFree e -> e.device();
      case DmaSync e -> e.device();
      case DmaSyncSg e -> e.device();
      default -> "";
    };
  }

  private static <K> Map<K, Long> bounded() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, Long> eldest) {
        return size() > OPEN_MAX;
      }
    };
  }
}
