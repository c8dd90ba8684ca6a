package io.dmascope.model.mapping;

import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaAllocSgt;
import io.dmascope.model.event.DmaAttrs;
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
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.IommuAttach;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.MappingLifecycle;
import java.util.function.Consumer;

/* hot path */
/**
 * Turns events into transitions: looks up what an event means in the present state, and changes the
 * state.
 */
public final class CaptureReplay {
  /**
   * The smallest page of the IOMMUs that Linux drives for DMA; padding inside it belongs to the
   * mapping.
   */
  private static final long GRANULE = 4096;

  /**
   * Other devices asked for an address that a device never mapped; keeps hostile captures linear.
   */
  private static final int DEVICES_ASKED_MAX = 256;

  /** Receives the transitions of one event, in order; usually one. */
  @FunctionalInterface
  public interface Judge {
    void judge(Transition transition);
  }

  private final CaptureState state;
  private final Transition t;
  private final Judge judge;
  private final Consumer<MappingLifecycle> lifecycles;

  public CaptureReplay(CaptureState state, Judge judge, Consumer<MappingLifecycle> lifecycles) {
    this.state = state;
    this.t = state.transition();
    this.judge = judge;
    this.lifecycles = lifecycles;
  }

  /** Applies one event. Returns the device it changed, or null. */
  public Device apply(TraceEvent event) {
    long backwardsNs = state.observe(event);
    if (backwardsNs > 0) {
      t.begin(Op.CLOCK, event.header(), null);
      t.previousTimestampNs = event.header().timestampNs() + backwardsNs;
      judge.judge(t);
    }
    return switch (event) {
      case DmaMap map -> map(map);
      case DmaUnmap unmap ->
          unmap(
              unmap.header(),
              unmap.device(),
              kind(unmap.api(), unmap.attrs()),
              unmap.direction(),
              unmap.dmaAddr(),
              unmap.sizeBytes(),
              unmap.attrs());
      case DmaMapSg map -> mapSg(map);
      case DmaUnmapSg unmap -> unmapSg(unmap);
      case DmaMapSgError error -> failed(device(error.device()));
      case DmaAlloc alloc -> alloc(alloc);
      case DmaFree free -> free(free);
      case DmaAllocSgt alloc -> allocSgt(alloc);
      case DmaFreeSgt free -> freeSgt(free);
      case DmaSync sync -> sync(sync);
      case DmaSyncSg sync -> syncSg(sync);
      case IommuMap map -> iommuMap(map);
      case IommuUnmap unmap -> iommuUnmap(unmap);
      case IommuGroupChange change -> group(change);
      case IommuAttach attach -> device(attach.device());
      case IoPageFault fault -> fault(fault);
      case SwiotlbBounce bounce -> bounce(bounce);
      case DmaBufEvent buffer -> dmaBuf(buffer);
      case EventsLost _, Marker _, CaptureStart _, CaptureEnd _ -> null;
    };
  }

  private Device map(DmaMap map) {
    Device device = used(map.device());
    Tasks.Bounce bounce = state.tasks().takeBounce(map.header(), map.device());
    if (map.dmaAddr() == DmaAddress.ERROR) {
      begin(Op.MAP_FAILED, map.header(), device, kind(map.api(), map.attrs()), map.direction());
      t.dmaAddr = map.dmaAddr();
      t.sizeBytes = map.sizeBytes();
      t.bounce = bounce;
      judge.judge(t);
      return failed(device);
    }
    MappingKind kind = kind(map.api(), map.attrs());
    MappedObject object =
        state
            .mappings()
            .addSingle(
                device,
                kind,
                map.direction(),
                map.attrs(),
                map.dmaAddr(),
                map.sizeBytes(),
                map.physAddr(),
                map.header());
    begin(Op.MAP, map.header(), device, kind, map.direction());
    t.attrs = map.attrs();
    t.attrsTraced = true;
    t.bounce = bounce;
    made(object, map.physAddr() == map.dmaAddr());
    judge.judge(t);
    return device;
  }

  private Device mapSg(DmaMapSg map) {
    Device device = used(map.device());
    Tasks.Bounce bounce = state.tasks().takeBounce(map.header(), map.device());
    device.sgEntriesIn += map.fullNents();
    device.sgEntriesOut += map.fullEnts();
    MappedObject object =
        state
            .mappings()
            .addList(
                device,
                MappingKind.SCATTER_GATHER,
                map.direction(),
                map.attrs(),
                map.fullNents(),
                map.fullEnts(),
                map.physAddrs(),
                map.dmaAddrs(),
                map.lengths(),
                map.header());
    begin(Op.MAP_SG, map.header(), device, MappingKind.SCATTER_GATHER, map.direction());
    t.nents = map.fullNents();
    t.ents = map.fullEnts();
    t.attrs = map.attrs();
    t.attrsTraced = true;
    t.bounce = bounce;
    boolean direct = map.fullNents() == map.fullEnts() && map.physAddrs().equals(map.dmaAddrs());
    made(object, direct);
    judge.judge(t);
    return device;
  }

  private Device alloc(DmaAlloc alloc) {
    Device device = used(alloc.device());
    if (alloc.failed()) {
      return failed(device);
    }
    MappingKind kind = kind(alloc.api());
    MappedObject object =
        state
            .mappings()
            .addSingle(
                device,
                kind,
                alloc.direction(),
                alloc.attrs(),
                alloc.dmaAddr(),
                alloc.sizeBytes(),
                alloc.cpuAddr(),
                alloc.header());
    begin(Op.ALLOC, alloc.header(), device, kind, alloc.direction());
    made(object, false);
    judge.judge(t);
    return device;
  }

  private Device allocSgt(DmaAllocSgt alloc) {
    Device device = used(alloc.device());
    if (alloc.failed()) {
      return failed(device);
    }
    MappedObject object =
        state
            .mappings()
            .addSingle(
                device,
                MappingKind.NONCONTIGUOUS,
                alloc.direction(),
                alloc.attrs(),
                alloc.dmaAddr(),
                alloc.sizeBytes(),
                alloc.physAddrs().isEmpty() ? 0 : alloc.physAddrs().at(0),
                alloc.header());
    begin(Op.ALLOC, alloc.header(), device, MappingKind.NONCONTIGUOUS, alloc.direction());
    made(object, false);
    judge.judge(t);
    return device;
  }

  /**
   * Completes a transition that made an object: how it is translated, and what it collides with.
   */
  private void made(MappedObject object, boolean direct) {
    t.object = object;
    t.dmaAddr = object.dmaAddr();
    t.sizeBytes = object.sizeBytes();
    Device device = object.device();
    if (t.bounce != null) {
      device.bounces++;
      device.bouncedBytes += t.sizeBytes;
    }
    if (object.rangeCount() == 0) {
      return;
    }
    if (state.counts().seen(EventCounts.Family.IOMMU)) {
      takeRuns(object);
    }
    MappedObject.Translation translation = translation(direct);
    if (translation != object.translation()) {
      object.translation(translation);
      state.mappings().changed(object);
    }
    switch (translation) {
      case IOMMU -> {
        device.iommuTranslated++;
        findOverlap(object);
      }
      case DIRECT -> device.direct++;
      case BOUNCED, UNKNOWN -> {}
    }
  }

  private MappedObject.Translation translation(boolean direct) {
    if (!t.runs.isEmpty()) {
      return MappedObject.Translation.IOMMU;
    }
    if (t.bounce != null) {
      return MappedObject.Translation.BOUNCED;
    }
    return direct ? MappedObject.Translation.DIRECT : MappedObject.Translation.UNKNOWN;
  }

  private void takeRuns(MappedObject object) {
    long first = Long.MAX_VALUE;
    long last = 0;
    // The entries of a list lie in one IOVA range; bus addresses of peer memory do not, and have no
    // runs to take.
    for (int i = 0; i < object.rangeCount(); i++) {
      Range range = object.range(i);
      if (Long.compareUnsigned(range.addr, first) < 0 || i == 0) {
        first = range.addr;
      }
      if (Long.compareUnsigned(range.lastAddr(), last) > 0) {
        last = range.lastAddr();
      }
    }
    t.runs = state.tasks().takeRuns(t.header, Addresses.alignDown(first, GRANULE), last);
  }

  /**
   * Finds an older mapping that the new one cannot stand beside. The address allocator gave the
   * address out, so that an older one whose end may have fallen into a gap has evidently ended, and
   * one that a wrong unmap tore apart is no news.
   */
  private void findOverlap(MappedObject object) {
    LiveMappings mappings = state.mappings();
    for (int i = 0; i < object.rangeCount(); i++) {
      Range range = object.range(i);
      for (Range other : mappings.overlaps(range)) {
        MappedObject older = other.owner;
        if (!older.live()
            || older.torn()
            || older.translation() != MappedObject.Translation.IOMMU) {
          continue;
        }
        if (state.losses().since(older.knownSince())) {
          mappings.retire(older, t.header);
        } else if (t.overlap == null) {
          t.overlap = other;
          t.range = range;
          t.overlapExplained = removedSince(other);
        }
      }
    }
  }

  private boolean removedSince(Range range) {
    return state
        .tasks()
        .removedSince(
            range.owner.lastMapped().sequence(),
            Addresses.alignDown(range.addr, GRANULE),
            range.lastAddr());
  }

  private Device unmap(
      EventHeader header,
      String name,
      MappingKind kind,
      DmaDirection direction,
      long dmaAddr,
      long sizeBytes,
      long attrs) {
    Device device = used(name);
    begin(Op.UNMAP, header, device, kind, direction);
    t.attrs = attrs;
    t.attrsTraced = true;
    Tasks.Removal removal =
        state.counts().seen(EventCounts.Family.IOMMU)
            ? state
                .tasks()
                .takeRemoval(
                    header,
                    Addresses.alignDown(dmaAddr, GRANULE),
                    Addresses.last(dmaAddr, Math.max(sizeBytes, 1)))
            : null;
    t.noPageTableRemoval = removal == null && device.translated();
    end(dmaAddr, sizeBytes);
    boolean sound = t.object != null && t.range.sizeBytes == sizeBytes && t.object.kind() == kind;
    judge.judge(t);
    if (removal != null && removal.hole() && sound) {
      judgeRemoval(removal, device);
    }
    return device;
  }

  private Device free(DmaFree free) {
    if (free.ofNull()) {
      return null;
    }
    Device device = used(free.device());
    begin(Op.FREE, free.header(), device, kind(free.api()), free.direction());
    t.attrs = free.attrs();
    t.attrsTraced = free.api() == AllocApi.COHERENT;
    t.cpuAddr = free.cpuAddr();
    endThenClose(free.dmaAddr(), free.sizeBytes());
    return device;
  }

  private Device freeSgt(DmaFreeSgt free) {
    Device device = used(free.device());
    begin(Op.FREE, free.header(), device, MappingKind.NONCONTIGUOUS, free.direction());
    endThenClose(free.dmaAddr(), free.sizeBytes());
    return device;
  }

  /** Ends an object whose page tables are removed after the event. */
  private void endThenClose(long dmaAddr, long sizeBytes) {
    end(dmaAddr, sizeBytes);
    if (state.counts().seen(EventCounts.Family.IOMMU)) {
      boolean faulty = t.object == null || t.range.sizeBytes != sizeBytes;
      state
          .tasks()
          .closing(
              new Tasks.Closing(
                  t.header,
                  t.device.name(),
                  Addresses.alignDown(dmaAddr, GRANULE),
                  Addresses.last(dmaAddr, Math.max(sizeBytes, 1)),
                  faulty));
    }
    judge.judge(t);
  }

  /**
   * Matches and ends the object that starts at the address, or gathers what else is known of the
   * address.
   */
  private void end(long dmaAddr, long sizeBytes) {
    t.dmaAddr = dmaAddr;
    t.sizeBytes = sizeBytes;
    if (dmaAddr == DmaAddress.ERROR) {
      return;
    }
    LiveMappings mappings = state.mappings();
    LiveMappings.Match match =
        mappings.matchStart(t.device.id(), t.kind, t.direction, dmaAddr, sizeBytes);
    t.candidates = match.candidates();
    t.device.addressSpaceTorn |= t.device.translated() && !frees(match.range(), sizeBytes);
    if (match.range() == null) {
      lookAround(dmaAddr);
      if (t.surrounding != null) {
        mappings.tear(t.surrounding.owner);
      }
      return;
    }
    t.range = match.range();
    t.object = t.range.owner;
    if (t.object.kind() == MappingKind.SCATTER_GATHER) {
      mappings.releaseEntries(t.object, t.range.index, t.range.index + 1, t.header);
    } else {
      release(t.object);
    }
  }

  /**
   * True where an unmap of that size frees what the allocator gave out for the range, and no less.
   */
  private boolean frees(Range range, long sizeBytes) {
    return range != null && range.owner.kind() == t.kind && range.sizeBytes == sizeBytes;
  }

  private void lookAround(long dmaAddr) {
    LiveMappings mappings = state.mappings();
    t.surrounding = mappings.containing(t.device.id(), t.direction, dmaAddr, dmaAddr);
    if (t.surrounding != null && t.surrounding.addr == dmaAddr) {
      t.surrounding = null;
    }
    t.formerly = mappings.formerly(t.device.id(), dmaAddr);
    int devices = Math.min(state.devices().size(), DEVICES_ASKED_MAX);
    for (int id = 0; id < devices && t.elsewhere == null; id++) {
      if (id != t.device.id()) {
        Range range = mappings.matchStart(id, t.kind, t.direction, dmaAddr, t.sizeBytes).range();
        t.elsewhere = range == null ? null : range.owner;
      }
    }
    if (t.surrounding == null && t.formerly == null && t.candidates == 0) {
      t.device.unseenUnmaps++;
    }
  }

  private Device unmapSg(DmaUnmapSg unmap) {
    Device device = used(unmap.device());
    U64List physAddrs = unmap.physAddrs();
    begin(Op.UNMAP_SG, unmap.header(), device, MappingKind.SCATTER_GATHER, unmap.direction());
    t.attrs = unmap.attrs();
    t.attrsTraced = true;
    t.nents = physAddrs.size();
    LiveMappings mappings = state.mappings();
    MappedObject list = mappings.matchList(device.id(), unmap.direction(), physAddrs);
    if (list == null && !physAddrs.isEmpty()) {
      list = mappings.matchListBeginning(device.id(), unmap.direction(), physAddrs);
    }
    t.object = list;
    device.addressSpaceTorn |=
        device.translated() && (list == null || list.nents() != physAddrs.size());
    if (list == null) {
      t.formerList = physAddrs.isEmpty() ? null : mappings.releasedList(device.id(), physAddrs);
      if (t.formerList == null) {
        device.unseenUnmaps++;
      } else {
        t.dmaAddr = t.formerList.dmaAddr();
        t.sizeBytes = t.formerList.sizeBytes();
        close(t.formerList, true);
      }
    } else {
      t.dmaAddr = list.dmaAddr();
      t.sizeBytes = list.sizeBytes();
      close(list, physAddrs.size() != list.nents());
      endList(list, physAddrs.size());
    }
    judge.judge(t);
    return device;
  }

  /**
   * An unmap with too few entries ends as many mapped entries as it names; dma-debug keeps the
   * others.
   */
  private void endList(MappedObject list, int nents) {
    if (nents >= list.ents()) {
      release(list);
    } else {
      state.mappings().releaseEntries(list, 0, nents, t.header);
    }
  }

  private void close(MappedObject list, boolean faulty) {
    if (list.rangeCount() == 0 || !state.counts().seen(EventCounts.Family.IOMMU)) {
      return;
    }
    Range last = list.range(list.rangeCount() - 1);
    state
        .tasks()
        .closing(
            new Tasks.Closing(
                t.header,
                t.device.name(),
                Addresses.alignDown(list.dmaAddr(), GRANULE),
                last.lastAddr(),
                faulty));
  }

  private void release(MappedObject object) {
    boolean only = object.instances() == 1;
    state.mappings().release(object, t.header);
    // Which of several equal instances ended cannot be known, so neither can its age.
    if (only) {
      lifecycles.accept(
          new MappingLifecycle(
              object.device().name(),
              object.kind(),
              object.direction(),
              object.dmaAddr(),
              object.sizeBytes(),
              object.nents(),
              object.ents(),
              EventRef.of(object.lastMapped()),
              EventRef.of(t.header)));
    }
  }

  private Device sync(DmaSync sync) {
    Device device = used(sync.device());
    begin(Op.SYNC, sync.header(), device, MappingKind.SINGLE, sync.direction());
    t.syncTarget = sync.target();
    findSynced(sync.dmaAddr(), sync.sizeBytes());
    judge.judge(t);
    return device;
  }

  private Device syncSg(DmaSyncSg sync) {
    Device device = used(sync.device());
    begin(Op.SYNC_SG, sync.header(), device, MappingKind.SCATTER_GATHER, sync.direction());
    t.syncTarget = sync.target();
    t.nents = sync.dmaAddrs().size();
    int entries = Math.min(sync.dmaAddrs().size(), sync.lengths().size());
    for (int i = 0; i < entries; i++) {
      long addr = sync.dmaAddrs().at(i);
      long length = sync.lengths().at(i);
      // Entries past the mapped count of a merged list read as the error cookie with length 0.
      if (length == 0 || addr == DmaAddress.ERROR) {
        continue;
      }
      findSynced(addr, length);
      if (t.range == null || i == 0) {
        judge.judge(t);
      }
      if (t.range == null) {
        break;
      }
    }
    return device;
  }

  private void findSynced(long dmaAddr, long sizeBytes) {
    LiveMappings mappings = state.mappings();
    t.dmaAddr = dmaAddr;
    t.sizeBytes = sizeBytes;
    t.range = null;
    t.object = null;
    if (dmaAddr == DmaAddress.ERROR) {
      return;
    }
    t.range =
        mappings.containing(
            t.device.id(), t.direction, dmaAddr, Addresses.last(dmaAddr, Math.max(sizeBytes, 1)));
    if (t.range != null) {
      t.object = t.range.owner;
      return;
    }
    t.surrounding = mappings.containing(t.device.id(), t.direction, dmaAddr, dmaAddr);
    t.formerly = mappings.formerly(t.device.id(), dmaAddr);
  }

  private Device iommuMap(IommuMap map) {
    Tasks tasks = state.tasks();
    begin(Op.IOMMU_MAP, map.header(), null, null, DmaDirection.UNKNOWN);
    t.dmaAddr = map.iova();
    t.sizeBytes = map.sizeBytes();
    if (map.sizeBytes() == 0) {
      return null;
    }
    t.doubleRun =
        tasks.unclaimedRun(map.header(), map.iova(), Addresses.last(map.iova(), map.sizeBytes()));
    tasks.mapped(new Tasks.Run(map.header(), map.iova(), map.physAddr(), map.sizeBytes()));
    if (t.doubleRun != null) {
      judge.judge(t);
    }
    return null;
  }

  private Device iommuUnmap(IommuUnmap unmap) {
    Tasks tasks = state.tasks();
    Tasks.Removal removal =
        new Tasks.Removal(unmap.header(), unmap.iova(), unmap.sizeBytes(), unmap.unmappedBytes());
    Tasks.Closing closing =
        tasks.closing(
            unmap.header(), unmap.iova(), Addresses.last(unmap.iova(), unmap.sizeBytes()));
    if (closing != null) {
      if (removal.hole() && !closing.faulty()) {
        judgeRemoval(removal, device(closing.device()));
      }
      return null;
    }
    Tasks.Removal forgotten = tasks.removed(removal);
    if (forgotten != null && forgotten.hole()) {
      judgeRemoval(forgotten, null);
    }
    return null;
  }

  /**
   * {@code claimant} is the device whose unmap the removal belongs to; null where none is known.
   */
  private void judgeRemoval(Tasks.Removal removal, Device claimant) {
    begin(Op.IOMMU_UNMAP, removal.header(), claimant, null, DmaDirection.UNKNOWN);
    t.dmaAddr = removal.iova();
    t.sizeBytes = removal.sizeBytes();
    t.removal = removal;
    t.removalClaimed = claimant != null;
    judge.judge(t);
  }

  private Device fault(IoPageFault fault) {
    Device device = device(fault.device());
    begin(Op.FAULT, fault.header(), device, null, DmaDirection.UNKNOWN);
    t.dmaAddr = fault.iova();
    t.accessKnown = fault.accessKnown();
    t.write = fault.write();
    t.timeErrorNs = fault.timeErrorNs();
    LiveMappings mappings = state.mappings();
    t.direction =
        !fault.accessKnown()
            ? DmaDirection.UNKNOWN
            : fault.write() ? DmaDirection.FROM_DEVICE : DmaDirection.TO_DEVICE;
    t.range = mappings.containing(device.id(), t.direction, fault.iova(), fault.iova());
    t.object = t.range == null ? null : t.range.owner;
    t.formerly = mappings.formerly(device.id(), fault.iova());
    long granule = Addresses.alignDown(fault.iova(), GRANULE);
    if (granule != 0) {
      t.surrounding = mappings.overlapping(device.id(), granule - GRANULE, granule - 1, null);
    }
    judge.judge(t);
    return device;
  }

  private Device group(IommuGroupChange change) {
    Device device = device(change.device());
    if (change.added()) {
      device.group = change.groupId();
      // A device that joins its group before any of its DMA was seen cannot have mapped anything
      // yet.
      device.bornInCapture = !device.eventsSeen;
    } else {
      device.group = -1;
    }
    return null;
  }

  private Device bounce(SwiotlbBounce bounce) {
    state
        .tasks()
        .bounced(
            new Tasks.Bounce(
                bounce.header(), bounce.device(), bounce.deviceAddr(), bounce.sizeBytes()));
    return used(bounce.device());
  }

  private Device dmaBuf(DmaBufEvent event) {
    switch (event.kind()) {
      case ATTACH -> state.attachments().attach(event);
      case DETACH -> {
        EventHeader before = state.attachments().detachedBefore(event);
        if (!state.attachments().detach(event)) {
          begin(Op.DMA_BUF, event.header(), device(event.device()), null, DmaDirection.UNKNOWN);
          t.buffer = event;
          t.detachedBefore = before;
          judge.judge(t);
        }
      }
      case EXPORT, MMAP_INTERNAL, MMAP, PUT, FD, GET -> {}
    }
    return null;
  }

  private Device failed(Device device) {
    device.mapFailures++;
    device.changedSinceSummary = true;
    return device;
  }

  private void begin(
      Op op, EventHeader header, Device device, MappingKind kind, DmaDirection direction) {
    t.begin(op, header, device);
    t.kind = kind;
    t.direction = direction;
  }

  private Device device(String name) {
    return state.devices().of(name);
  }

  private Device used(String name) {
    Device device = state.devices().of(name);
    device.eventsSeen = true;
    return device;
  }

  private static MappingKind kind(MapApi api, long attrs) {
    return switch (api) {
      case PAGE -> MappingKind.SINGLE;
      case RESOURCE -> MappingKind.RESOURCE;
      case PHYS -> (attrs & DmaAttrs.MMIO) != 0 ? MappingKind.RESOURCE : MappingKind.SINGLE;
    };
  }

  private static MappingKind kind(AllocApi api) {
    return switch (api) {
      case COHERENT -> MappingKind.COHERENT;
      case PAGES -> MappingKind.NONCOHERENT;
    };
  }
}
