package io.dmascope.model.whatif;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.backend.Moment;
import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaAllocSgt;
import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaFree;
import io.dmascope.model.event.DmaFreeSgt;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.IommuGroupChange;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.model.predict.CaptureParameters;
import io.dmascope.model.predict.DeviceFacts;
import io.dmascope.model.predict.RecordedInputs;
import io.dmascope.model.scatterlist.PhysList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Replays a capture's maps and unmaps on several machines at once. Time and CPUs are the
 * recording's; what the driver would have done otherwise, had it got other answers, is not known
 * here.
 */
public final class WhatIf {
  /** An unmap prints at most this many more entries than its map; the rest is not compared. */
  private static final int TRACED_MAX = 128;

  /** Beyond it the oldest mapping counts as unmapped: some drivers legally never unmap. */
  private static final int LIVE_MAX = 200_000;

  private enum Kind {
    SINGLE,
    LIST,
    COHERENT
  }

  private record Key(Kind kind, String device, long dmaAddr, U64List physAddrs) {
    static Key single(String device, long dmaAddr) {
      return new Key(Kind.SINGLE, device, dmaAddr, U64List.EMPTY);
    }

    static Key list(String device, U64List physAddrs) {
      return new Key(Kind.LIST, device, 0, traced(physAddrs));
    }

    static Key coherent(String device, long dmaAddr) {
      return new Key(Kind.COHERENT, device, dmaAddr, U64List.EMPTY);
    }
  }

  private record Live(
      String device, List<Optional<Mapping>> mappings, DmaDirection direction, long attrs) {}

  private final CaptureParameters parameters;
  private final RecordedInputs inputs;
  private final List<ScenarioReplay> replays = new ArrayList<>();
  private final Map<String, Integer> groups = new HashMap<>();
  private final LinkedHashMap<Key, Live> live = new LinkedHashMap<>();
  private final PlanSteps plan = new PlanSteps();
  private long maps;
  private long lists;
  private long allocations;
  private long leftOut;
  private long bytes;
  private long neverUnmapped;

  public WhatIf(CaptureParameters parameters, List<Scenario> scenarios) {
    this.parameters = parameters;
    this.inputs = new RecordedInputs(parameters);
    scenarios.forEach(
        scenario -> replays.add(new ScenarioReplay(scenario, Math.max(1, parameters.cpus()))));
  }

  /** Takes in the next event of the capture, in its order. */
  public void apply(TraceEvent event) {
    inputs.apply(event);
    switch (event) {
      case IommuGroupChange change -> group(change);
      case DmaMap map when map.dmaAddr() != DmaAddress.ERROR ->
          map(
              map.header(),
              Key.single(map.device(), map.dmaAddr()),
              inputs.of(map),
              map.direction(),
              map.attrs());
      case DmaMap _ -> leftOut++;
      case DmaMapSg map -> {
        lists++;
        map(
            map.header(),
            Key.list(map.device(), map.physAddrs()),
            inputs.of(map),
            map.direction(),
            map.attrs());
      }
      case DmaUnmap unmap -> unmap(unmap.header(), Key.single(unmap.device(), unmap.dmaAddr()));
      case DmaUnmapSg unmap -> unmap(unmap.header(), Key.list(unmap.device(), unmap.physAddrs()));
      case DmaAlloc alloc when !alloc.failed() ->
          alloc(alloc.header(), alloc.device(), alloc.dmaAddr(), alloc.sizeBytes());
      case DmaAllocSgt alloc when !alloc.failed() ->
          alloc(alloc.header(), alloc.device(), alloc.dmaAddr(), alloc.sizeBytes());
      case DmaFree free -> unmap(free.header(), Key.coherent(free.device(), free.dmaAddr()));
      case DmaFreeSgt free -> unmap(free.header(), Key.coherent(free.device(), free.dmaAddr()));
      default -> {}
    }
  }

  /** The results so far, in the order of the scenarios. */
  public List<ScenarioResult> results() {
    return replays.stream().map(ScenarioReplay::result).toList();
  }

  /** What was replayed so far. */
  public Workload workload() {
    return new Workload(maps, lists, allocations, leftOut, bytes, neverUnmapped + live.size());
  }

  /** What the seven steps of the 2020 plan would change for this workload. */
  public List<PlanSteps.Row> plan() {
    return plan.rows();
  }

  private void group(IommuGroupChange change) {
    groups.put(change.device(), change.groupId());
  }

  private void map(
      EventHeader header, Key key, Optional<PhysList> input, DmaDirection direction, long attrs) {
    if (input.isEmpty()) {
      leftOut++;
      return;
    }
    maps++;
    bytes += input.get().totalBytes();
    // The same address or list mapped again: the earlier mapping was given up without an unmap.
    forget(header, key);
    List<Optional<Mapping>> mappings = new ArrayList<>(replays.size());
    Moment moment = moment(header);
    for (ScenarioReplay replay : replays) {
      mappings.add(
          replay.map(
              device(key.device()), domain(key.device()), input.get(), direction, attrs, moment));
    }
    plan.add(input.get());
    remember(header, key, new Live(key.device(), mappings, direction, attrs));
  }

  private void alloc(EventHeader header, String device, long dmaAddr, long sizeBytes) {
    Optional<PhysList> memory = inputs.ofCoherent(header, dmaAddr, sizeBytes);
    if (memory.isEmpty()) {
      leftOut++;
      return;
    }
    allocations++;
    Key key = Key.coherent(device, dmaAddr);
    forget(header, key);
    List<Optional<Mapping>> mappings = new ArrayList<>(replays.size());
    for (ScenarioReplay replay : replays) {
      mappings.add(replay.alloc(device(device), domain(device), memory.get(), moment(header)));
    }
    // Nothing is copied back out of coherent memory: it was never copied in.
    remember(
        header,
        key,
        new Live(device, mappings, DmaDirection.BIDIRECTIONAL, DmaAttrs.SKIP_CPU_SYNC));
  }

  private void remember(EventHeader header, Key key, Live mapped) {
    live.put(key, mapped);
    if (live.size() > LIVE_MAX) {
      forget(header, live.firstEntry().getKey());
    }
  }

  private void forget(EventHeader header, Key key) {
    if (live.containsKey(key)) {
      neverUnmapped++;
      unmap(header, key);
    }
  }

  private void unmap(EventHeader header, Key key) {
    Live mapped = live.remove(key);
    if (mapped == null) {
      return;
    }
    for (int i = 0; i < replays.size(); i++) {
      ScenarioReplay replay = replays.get(i);
      mapped
          .mappings()
          .get(i)
          .ifPresent(
              mapping ->
                  replay.unmap(
                      mapped.device(),
                      mapping,
                      mapped.direction(),
                      mapped.attrs(),
                      moment(header)));
    }
  }

  private String domain(String device) {
    Integer group = groups.get(device);
    return group == null ? device : "group " + group;
  }

  private DeviceParameters device(String name) {
    DeviceFacts facts = parameters.devices().get(name);
    return facts == null ? DeviceParameters.pci(name) : facts.parameters();
  }

  private static Moment moment(EventHeader header) {
    return new Moment(header.timestampNs(), Math.max(0, header.cpu()));
  }

  private static U64List traced(U64List physAddrs) {
    return physAddrs.size() <= TRACED_MAX
        ? physAddrs
        : U64List.wrap(Arrays.copyOf(physAddrs.toArray(), TRACED_MAX));
  }
}
