package io.dmascope.cli.simulation;

import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaFree;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * A live set so plain that it must be right: a map from what an unmap names to what was mapped
 * there. It answers only as long as every unmap names something that is mapped, just so.
 */
final class LiveTwin {
  private record Start(String device, long dmaAddr) {}

  private record Entries(String device, U64List physAddrs) {}

  private final Map<Start, Long> singles = new HashMap<>();
  private final Map<Entries, Deque<Integer>> lists = new HashMap<>();
  private long live;
  private boolean knows = true;

  /** False once something happened that only the model's finer rules can tell. */
  boolean knows() {
    return knows;
  }

  /** Live address ranges: one a single mapping, one an entry of a list. */
  long live() {
    return live;
  }

  void apply(TraceEvent event) {
    if (!knows) {
      return;
    }
    switch (event) {
      case DmaMap map when map.dmaAddr() != DmaAddress.ERROR ->
          add(map.device(), map.dmaAddr(), map.sizeBytes());
      case DmaUnmap unmap -> remove(unmap.device(), unmap.dmaAddr(), unmap.sizeBytes());
      case DmaAlloc alloc when !alloc.failed() ->
          add(alloc.device(), alloc.dmaAddr(), alloc.sizeBytes());
      case DmaFree free when !free.ofNull() ->
          remove(free.device(), free.dmaAddr(), free.sizeBytes());
      case DmaMapSg map -> addList(map);
      case DmaUnmapSg unmap -> removeList(unmap);
      case EventsLost _ -> knows = false;
      default -> {}
    }
  }

  /** Two at one address are one range to the model where they are alike: it leaves that to it. */
  private void add(String device, long dmaAddr, long sizeBytes) {
    knows &= singles.put(new Start(device, dmaAddr), sizeBytes) == null;
    live++;
  }

  private void remove(String device, long dmaAddr, long sizeBytes) {
    Long mapped = singles.remove(new Start(device, dmaAddr));
    knows &= mapped != null && mapped == sizeBytes;
    live--;
  }

  private void addList(DmaMapSg map) {
    knows &= !map.truncated();
    Deque<Integer> same =
        lists.computeIfAbsent(
            new Entries(map.device(), map.physAddrs()), entries -> new ArrayDeque<>());
    knows &= same.isEmpty();
    same.add(map.dmaAddrs().size());
    live += map.dmaAddrs().size();
  }

  private void removeList(DmaUnmapSg unmap) {
    Deque<Integer> same = lists.get(new Entries(unmap.device(), unmap.physAddrs()));
    if (same == null || same.isEmpty()) {
      knows = false;
      return;
    }
    live -= same.remove();
  }
}
