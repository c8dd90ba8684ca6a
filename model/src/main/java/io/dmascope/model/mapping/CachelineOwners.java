package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaAttrs;
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
  record Owner(Device device, long dmaAddr, long attrs, EventHeader mapped) {}

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
      Owner sharing = sharing(byLine.get(line(object, i)), header, attrs);
      if (sharing != null
          && (youngest == null || sharing.mapped.sequence() > youngest.mapped.sequence())) {
        youngest = sharing;
      }
    }
    if (object.instances() == 1) {
      enter(object);
    }
    return youngest;
  }

  /** Looks from the youngest on, and drops those on the way that have ended. */
  private Owner sharing(List<Owner> line, EventHeader header, long attrs) {
    for (int i = line == null ? -1 : line.size() - 1; i >= 0; i--) {
      Owner owner = line.get(i);
      if (!isLive(owner)) {
        line.remove(i);
        owners--;
      } else if (owner.mapped.sequence() < header.sequence() && !mayShare(owner.attrs, attrs)) {
        return owner;
      }
    }
    return null;
  }

  /** Enters a mapping; those of one line in the order in which they were made. */
  void enter(MappedObject object) {
    if (!tracked(object)) {
      return;
    }
    int entries = entries(object);
    for (int i = 0; i < entries; i++) {
      enter(
          byLine.computeIfAbsent(line(object, i), line -> new ArrayList<>(2)),
          new Owner(object.device(), object.range(i).addr(), object.attrs(), object.firstMapped()));
    }
    if (owners > sweepAt) {
      sweep();
    }
  }

  /** One that comes back, or is still known, may be older than the last. */
  private void enter(List<Owner> line, Owner owner) {
    int place = line.size();
    while (place > 0 && line.get(place - 1).mapped.sequence() > owner.mapped.sequence()) {
      place--;
    }
    if (place == 0 || !line.get(place - 1).equals(owner)) {
      line.add(place, owner);
      owners++;
    }
  }

  private void sweep() {
    for (List<Owner> line : byLine.values()) {
      line.removeIf(owner -> !isLive(owner));
    }
    byLine.values().removeIf(List::isEmpty);
    owners = byLine.values().stream().mapToLong(List::size).sum();
    sweepAt = Math.max(SWEEP_MIN, 2 * owners);
  }

  private boolean isLive(Owner owner) {
    return mappings.isLive(owner.device.id(), owner.dmaAddr, owner.mapped.sequence());
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
