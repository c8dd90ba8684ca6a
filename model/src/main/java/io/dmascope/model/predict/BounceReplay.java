package io.dmascope.model.predict;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.SwiotlbPool;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.U64List;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The bounce pool replayed alongside the capture, to predict the very address of each buffer. Where
 * the prediction fails the pool is put right with the recorded address and the replay goes on.
 */
final class BounceReplay {
  private static final int TRACED_MAX = 128;

  /** An entry that needed no slot; slots are even. */
  static final long NOT_BOUNCED = -1;

  private record Single(String device, long dmaAddr) {}

  /** A list is known by its traced physical addresses; its unmap prints no others. */
  private record ListKey(String device, U64List physAddrs) {
    static ListKey of(String device, U64List physAddrs) {
      return physAddrs.size() <= TRACED_MAX
          ? new ListKey(device, physAddrs)
          : new ListKey(device, U64List.wrap(Arrays.copyOf(physAddrs.toArray(), TRACED_MAX)));
    }
  }

  private final CaptureParameters parameters;
  private final Optional<SwiotlbPool> pool;
  private final Map<Single, SwiotlbPool.Allocation> singles = new HashMap<>();
  private final Map<ListKey, Deque<List<SwiotlbPool.Allocation>>> lists = new HashMap<>();
  private long asked;
  private long predicted;

  BounceReplay(CaptureParameters parameters) {
    this.parameters = parameters;
    this.pool = parameters.pool().map(known -> known.create(Math.max(1, parameters.cpus())));
  }

  void map(DmaMap map, List<SwiotlbBounce> bounces) {
    if (!bounces.isEmpty()) {
      // The slots were searched for where the bounce was traced.
      int cpu = bounces.getFirst().header().cpu();
      take(map.device(), map.physAddr(), map.dmaAddr(), map.sizeBytes(), 0, cpu)
          .ifPresent(taken -> singles.put(new Single(map.device(), map.dmaAddr()), taken));
    }
  }

  void map(DmaMapSg map, List<SwiotlbBounce> bounces) {
    List<SwiotlbPool.Allocation> allocations = new ArrayList<>();
    int entries = Math.min(map.dmaAddrs().size(), map.physAddrs().size());
    for (int i = 0; i < entries; i++) {
      take(
              map.device(),
              map.physAddrs().at(i),
              map.dmaAddrs().at(i),
              map.lengths().at(i),
              0,
              bounces.size() == entries ? bounces.get(i).header().cpu() : map.header().cpu())
          .ifPresent(allocations::add);
    }
    if (!allocations.isEmpty()) {
      lists
          .computeIfAbsent(ListKey.of(map.device(), map.physAddrs()), _ -> new ArrayDeque<>())
          .add(allocations);
    }
  }

  /** A single map whose slot is behind an IOMMU: whole granules of the pool. */
  void mapTranslated(DmaMap map, long slotAddr, long granule, List<SwiotlbBounce> bounces) {
    if (!bounces.isEmpty()) {
      take(
              map.device(),
              map.physAddr(),
              slotAddr,
              map.sizeBytes(),
              granule - 1,
              bounces.getFirst().header().cpu())
          .ifPresent(taken -> singles.put(new Single(map.device(), map.dmaAddr()), taken));
    }
  }

  /** The same of a list, with the slots of its entries. */
  void mapTranslated(DmaMapSg map, List<Long> slots, long granule, List<SwiotlbBounce> bounces) {
    List<SwiotlbPool.Allocation> allocations = new ArrayList<>();
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i) != NOT_BOUNCED) {
        int cpu = bounces.isEmpty() ? map.header().cpu() : bounces.getFirst().header().cpu();
        take(
                map.device(),
                map.physAddrs().at(i),
                slots.get(i),
                map.lengths().at(i),
                granule - 1,
                cpu)
            .ifPresent(allocations::add);
      }
    }
    if (!allocations.isEmpty()) {
      lists
          .computeIfAbsent(ListKey.of(map.device(), map.physAddrs()), _ -> new ArrayDeque<>())
          .add(allocations);
    }
  }

  void unmap(DmaUnmap unmap) {
    SwiotlbPool.Allocation taken = singles.remove(new Single(unmap.device(), unmap.dmaAddr()));
    if (taken != null) {
      pool.orElseThrow().free(taken);
    }
  }

  void unmap(DmaUnmapSg unmap) {
    Deque<List<SwiotlbPool.Allocation>> open =
        lists.get(ListKey.of(unmap.device(), unmap.physAddrs()));
    if (open != null && !open.isEmpty()) {
      open.remove().forEach(pool.orElseThrow()::free);
    }
  }

  PredictionReport.Addresses addresses() {
    return new PredictionReport.Addresses(predicted, asked);
  }

  private Optional<SwiotlbPool.Allocation> take(
      String name, long physAddr, long slotAddr, long sizeBytes, long alignMask, int cpu) {
    if (pool.isEmpty() || cpu < 0) {
      return Optional.empty();
    }
    asked++;
    DeviceFacts facts = parameters.device(name);
    DeviceParameters device = facts == null ? DeviceParameters.pci(name) : facts.parameters();
    Optional<SwiotlbPool.Allocation> taken =
        pool.get().allocate(device, physAddr, sizeBytes, alignMask, cpu);
    if (taken.isPresent() && taken.get().addr() == slotAddr) {
      predicted++;
      return taken;
    }
    taken.ifPresent(pool.get()::free);
    return pool.get().claim(device, physAddr, slotAddr, sizeBytes, alignMask);
  }
}
