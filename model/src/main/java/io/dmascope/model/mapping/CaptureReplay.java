package io.dmascope.model.mapping;

import io.dmascope.model.event.CaptureEnd;
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
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.IommuAttach;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.MappingLifecycle;
import java.util.function.Consumer;

/* hot path */
/**
 * Turns events into transitions: each goes to its family, which looks up what it means in the
 * present state, and changes the state.
 *
 * <p>A new kind of event is a class beside {@link MapEvents} and a line in {@link #apply}.
 */
public final class CaptureReplay {
  /** Receives the transitions of one event, in order; usually one. */
  @FunctionalInterface
  public interface Judge {
    void judge(Transition transition);
  }

  private final CaptureState state;
  private final ClockEvents clocks;
  private final MapEvents maps;
  private final UnmapEvents unmaps;
  private final ScatterlistEvents scatterlists;
  private final AllocEvents allocs;
  private final SyncEvents syncs;
  private final IommuEvents pageTables;
  private final GroupEvents groups;
  private final FaultEvents faults;
  private final BounceEvents bounces;
  private final DmaBufEvents buffers;
  private final EndEvents ends;
  private final ProbeEvents probes;

  public CaptureReplay(CaptureState state, Judge judge, Consumer<MappingLifecycle> lifecycles) {
    this.state = state;
    ReplayContext context = new ReplayContext(state, judge, lifecycles);
    NewObjects made = new NewObjects(context);
    EndedObjects ended = new EndedObjects(context);
    RemovalCheck removals = new RemovalCheck(context);
    clocks = new ClockEvents(context);
    maps = new MapEvents(context, made);
    unmaps = new UnmapEvents(context, ended, removals);
    scatterlists = new ScatterlistEvents(context, made, ended);
    allocs = new AllocEvents(context, made, ended);
    syncs = new SyncEvents(context);
    pageTables = new IommuEvents(context, removals);
    groups = new GroupEvents(context);
    faults = new FaultEvents(context);
    bounces = new BounceEvents(context);
    buffers = new DmaBufEvents(context);
    ends = new EndEvents(context);
    probes = new ProbeEvents(context);
  }

  /** Applies one event. Returns the device it changed, or null. */
  public Device apply(TraceEvent event) {
    long backwardsNs = state.observe(event);
    if (backwardsNs > 0) {
      clocks.ranBackwards(event.header(), backwardsNs);
    }
    return switch (event) {
      case DmaMap map -> maps.apply(map);
      case DmaUnmap unmap -> unmaps.apply(unmap);
      case IommuMap map -> pageTables.apply(map);
      case IommuUnmap unmap -> pageTables.apply(unmap);
      case DmaMapSg map -> scatterlists.apply(map);
      case DmaUnmapSg unmap -> scatterlists.apply(unmap);
      case DmaMapSgError error -> scatterlists.apply(error);
      case DmaAlloc alloc -> allocs.apply(alloc);
      case DmaFree free -> allocs.apply(free);
      case DmaAllocSgt alloc -> allocs.apply(alloc);
      case DmaFreeSgt free -> allocs.apply(free);
      case DmaSync sync -> syncs.apply(sync);
      case DmaSyncSg sync -> syncs.apply(sync);
      case SwiotlbBounce bounce -> bounces.apply(bounce);
      case IommuGroupChange change -> groups.apply(change);
      case IommuAttach attach -> groups.apply(attach);
      case IoPageFault fault -> faults.apply(fault);
      case DmaBufEvent buffer -> buffers.apply(buffer);
      case ProbeEvent probe -> probes.apply(probe);
      case CaptureEnd end -> ends.apply(end);
      case EventsLost _, Marker _, CaptureStart _ -> null;
    };
  }

  /**
   * Looks up what a fault would mean now; changes nothing but that a device may become known. The
   * transition is valid until the next event.
   */
  public Transition lookUp(IoPageFault fault) {
    return faults.lookUp(fault);
  }
}
