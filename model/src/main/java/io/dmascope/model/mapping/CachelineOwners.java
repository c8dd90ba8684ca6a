package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.MappingKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which streaming mappings begin in which line of the CPU's cache, as {@code kernel/dma/debug.c
 * active_cacheline_insert()} keeps it: the first byte of every entry that the device may write, of
 * all devices together. It exists only for machines with a device that caches may not snoop.
 *
 * <p>Owners are not told when their mapping ends: each is asked when its line is, and all of them
 * when there are many, so that an unmap costs nothing.
 */
final class CachelineOwners {
  private static final int SWEEP_MIN = 4096;

  /** A mapping, and where it was made. */
  record Owner(
      Device device,
      MappingKind kind,
      DmaDirection direction,
      long dmaAddr,
      long sizeBytes,
      long attrs,
      EventHeader mapped) {}

  private final LiveMappings mappings;
  private final int lineBytes;
  private final Map<Long, List<Owner>> byLine = new HashMap<>();
  private long owners;
  private long sweepAt = SWEEP_MIN;

  CachelineOwners(LiveMappings mappings, int lineBytes) {
    this.mappings = mappings;
    this.lineBytes = lineBytes;
  }

  /** Enters a new mapping; returns the youngest live one that it may not share a line with. */
  Owner made(MappedObject object, EventHeader header, long attrs) {
    if (!tracked(object)) {
      return null;
    }
    Owner youngest = null;
    int entries = entries(object);
    for (int i = 0; i < entries; i++) {
      List<Owner> sharing = live(byLine.get(line(object, i)), header);
      for (Owner owner : sharing) {
        if (!mayShare(owner.attrs, attrs)
            && (youngest == null || owner.mapped.sequence() > youngest.mapped.sequence())) {
          youngest = owner;
        }
      }
    }
    if (object.instances() == 1) {
      enter(object, object.firstMapped());
    }
    return youngest;
  }

  /** Enters what is live, after a restoration. */
  void enter(MappedObject object) {
    if (tracked(object)) {
      enter(object, object.firstMapped());
    }
  }

  private void enter(MappedObject object, EventHeader mapped) {
    int entries = entries(object);
    for (int i = 0; i < entries; i++) {
      Range range = object.range(i);
      byLine
          .computeIfAbsent(line(object, i), line -> new ArrayList<>(2))
          .add(
              new Owner(
                  object.device(),
                  object.kind(),
                  object.direction(),
                  range.addr(),
                  range.sizeBytes(),
                  object.attrs(),
                  mapped));
    }
    owners += entries;
    if (owners > sweepAt) {
      sweep();
    }
  }

  private void sweep() {
    byLine.values().removeIf(list -> live(list, null).isEmpty());
    owners = byLine.values().stream().mapToLong(List::size).sum();
    sweepAt = Math.max(SWEEP_MIN, 2 * owners);
  }

  /** Drops the owners that have ended and returns those before {@code header}. */
  private List<Owner> live(List<Owner> list, EventHeader header) {
    if (list == null) {
      return List.of();
    }
    int before = list.size();
    list.removeIf(owner -> !isLive(owner));
    owners -= before - list.size();
    return header == null
        ? list
        : list.stream().filter(o -> o.mapped.sequence() < header.sequence()).toList();
  }

  private boolean isLive(Owner owner) {
    int slot =
        mappings.matchStart(
            owner.device.id(), owner.kind, owner.direction, owner.dmaAddr, owner.sizeBytes);
    return slot != LiveMappings.NONE
        && mappings.isOf(slot, owner.kind, owner.sizeBytes)
        && mappings.range(slot).owner().firstMapped().sequence() <= owner.mapped.sequence();
  }

  private static boolean mayShare(long older, long younger) {
    long both = older & younger;
    return (younger & DmaAttrs.SKIP_CPU_SYNC) != 0
        || (both & (DmaAttrs.CACHELINES_OVERLAP | DmaAttrs.REQUIRE_COHERENT)) != 0;
  }

  private static boolean tracked(MappedObject object) {
    return object.direction().deviceWrites()
        && (object.kind() == MappingKind.SINGLE || object.kind() == MappingKind.SCATTER_GATHER);
  }

  private static int entries(MappedObject object) {
    return object.kind() == MappingKind.SINGLE
        ? 1
        : Math.min(object.rangeCount(), object.physAddrs().size());
  }

  private long line(MappedObject object, int entry) {
    long physAddr =
        object.kind() == MappingKind.SINGLE ? object.physAddr() : object.physAddrs().at(entry);
    return Long.divideUnsigned(physAddr, lineBytes);
  }
}
