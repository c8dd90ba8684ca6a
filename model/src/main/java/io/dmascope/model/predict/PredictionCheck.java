package io.dmascope.model.predict;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.DirectBackend;
import io.dmascope.model.backend.IommuSgLayout;
import io.dmascope.model.backend.MapResult;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.backend.Moment;
import io.dmascope.model.backend.PageTableRun;
import io.dmascope.model.backend.SwiotlbPool;
import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaAllocSgt;
import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.model.predict.PredictionReport.Call;
import io.dmascope.model.scatterlist.PhysList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The second pass over a capture: predicts every recorded map with the parameters of the first and
 * compares.
 */
public final class PredictionCheck {
  private record Key(String device, BackendKind backend, Call call) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byDevice = device.compareTo(other.device);
      int byBackend = byDevice != 0 ? byDevice : backend.compareTo(other.backend);
      return byBackend != 0 ? byBackend : call.compareTo(other.call);
    }
  }

  private static final class Tally {
    long exact;
    long exactPrefix;
    long different;
    final SortedMap<Reason, Long> unpredicted = new TreeMap<>();
  }

  private final CaptureParameters parameters;
  private final long granule;
  private final TaskTrail trail = new TaskTrail();
  private final Map<String, DirectBackend> direct = new HashMap<>();
  private final SortedMap<Key, Tally> tallies = new TreeMap<>();
  private final List<PredictionReport.Difference> differences = new ArrayList<>();
  private final BounceReplay bounces;
  private final IovaSteps iovas;

  public PredictionCheck(CaptureParameters parameters) {
    this.parameters = parameters;
    this.granule = parameters.granule();
    this.bounces = new BounceReplay(parameters);
    this.iovas = new IovaSteps(parameters, trail.unclaimed());
  }

  /** Takes in the next event of the capture, in its order. */
  public void apply(TraceEvent event) {
    iovas.apply(event);
    switch (event) {
      case IommuMap map -> trail.add(map);
      case SwiotlbBounce bounce -> trail.add(bounce);
      case EventsLost _ -> trail.clear();
      case DmaMap map -> single(map);
      case DmaMapSg map -> list(map);
      case DmaAlloc alloc when !alloc.failed() ->
          allocated(alloc.header(), alloc.device(), alloc.dmaAddr(), alloc.sizeBytes());
      case DmaAllocSgt alloc when !alloc.failed() ->
          allocated(alloc.header(), alloc.device(), alloc.dmaAddr(), alloc.sizeBytes());
      case DmaUnmap unmap -> bounces.unmap(unmap);
      case DmaUnmapSg unmap -> bounces.unmap(unmap);
      default -> {}
    }
  }

  /** Ends the pass. */
  public PredictionReport report() {
    List<PredictionReport.Row> rows = new ArrayList<>();
    tallies.forEach(
        (key, tally) ->
            rows.add(
                new PredictionReport.Row(
                    key.device(),
                    key.backend(),
                    key.call(),
                    tally.exact,
                    tally.exactPrefix,
                    tally.different,
                    tally.unpredicted)));
    return new PredictionReport(parameters, rows, differences, bounces.addresses(), iovas.report());
  }

  private void single(DmaMap map) {
    MapEvidence evidence = MapEvidence.of(map, trail, granule);
    boolean failed = map.dmaAddr() == DmaAddress.ERROR;
    BackendKind backend = failed ? failedBackend() : backend(map, evidence);
    Judgement judgement =
        failed
            ? failedCall(map)
            : switch (backend) {
              case DIRECT -> directSingle(map);
              case SWIOTLB -> bouncedSingle(map, evidence);
              case IOMMU -> translatedSingle(map, evidence);
              case IOMMU_SWIOTLB -> bouncedAndTranslated(map, evidence);
              case UNKNOWN -> notInPlace();
            };
    if (!failed && (backend == BackendKind.IOMMU || backend == BackendKind.IOMMU_SWIOTLB)) {
      long iova = map.dmaAddr() & -granule;
      iovas.taken(
          evidence.began().orElse(map.header()),
          map.device(),
          iova,
          alignUp(map.dmaAddr() + map.sizeBytes()) - iova);
    }
    count(map.header(), new Key(map.device(), backend, Call.SINGLE), judgement);
  }

  /** Coherent memory takes addresses, too; there is nothing else to predict of it. */
  private void allocated(EventHeader header, String device, long dmaAddr, long sizeBytes) {
    long iova = dmaAddr & -granule;
    long end = alignUp(dmaAddr + sizeBytes);
    Optional<EventHeader> began = trail.takeRuns(header, iova, end).began();
    began.ifPresent(first -> iovas.taken(first, device, iova, end - iova));
  }

  private long alignUp(long addr) {
    return (addr + granule - 1) & -granule;
  }

  private void list(DmaMapSg map) {
    MapEvidence evidence = MapEvidence.of(map, trail, granule);
    BackendKind backend = backend(map, evidence);
    if (backend == BackendKind.IOMMU) {
      takenByList(map, evidence);
    } else if (backend == BackendKind.IOMMU_SWIOTLB) {
      takenByEntries(map, evidence);
    }
    Judgement judgement =
        switch (backend) {
          case DIRECT -> directList(map);
          case SWIOTLB -> bouncedList(map, evidence);
          case IOMMU -> translatedList(map, evidence);
          case IOMMU_SWIOTLB -> entryByEntry(map, evidence);
          case UNKNOWN -> notInPlace();
        };
    count(map.header(), new Key(map.device(), backend, Call.LIST), judgement);
  }

  private void takenByList(DmaMapSg map, MapEvidence evidence) {
    long iova = map.dmaAddrs().at(0) & -granule;
    int last = map.dmaAddrs().size() - 1;
    long end =
        evidence.runs().isEmpty()
            ? alignUp(map.dmaAddrs().at(last) + map.lengths().at(last))
            : evidence.runs().getLast().iova() + evidence.runs().getLast().sizeBytes();
    boolean endKnown = !evidence.runs().isEmpty() || map.dmaAddrs().size() == map.fullEnts();
    if (endKnown) {
      iovas.taken(evidence.began().orElse(map.header()), map, iova, end - iova);
    }
  }

  private void takenByEntries(DmaMapSg map, MapEvidence evidence) {
    List<IovaSteps.Block> blocks = new ArrayList<>();
    for (int i = 0; i < evidence.entryRuns().size(); i++) {
      long iova = map.dmaAddrs().at(i) & -granule;
      long end = alignUp(map.dmaAddrs().at(i) + map.lengths().at(i));
      iovas.taken(
          evidence.entryRuns().get(i).began().orElse(map.header()), map.device(), iova, end - iova);
      blocks.add(new IovaSteps.Block(iova, end - iova));
    }
    iovas.hold(map, blocks);
  }

  private BackendKind backend(DmaMap map, MapEvidence evidence) {
    return backend(map.device(), map.physAddr(), map.dmaAddr(), evidence);
  }

  private BackendKind backend(DmaMapSg map, MapEvidence evidence) {
    return map.physAddrs().isEmpty() || map.dmaAddrs().isEmpty()
        ? backend(map.device(), 0, 0, evidence)
        : backend(map.device(), map.physAddrs().at(0), map.dmaAddrs().at(0), evidence);
  }

  /**
   * Without page-table events in the whole capture, what is not in place was translated, unless the
   * device sees all memory at one distance.
   */
  private BackendKind backend(String device, long physAddr, long dmaAddr, MapEvidence evidence) {
    if (evidence.backend() != BackendKind.UNKNOWN || parameters.translated()) {
      return evidence.backend();
    }
    List<DeviceParameters.DmaRange> ranges = device(device).dmaRanges();
    return !ranges.isEmpty() && physAddr + ranges.getFirst().dmaStart() == dmaAddr
        ? BackendKind.DIRECT
        : BackendKind.IOMMU;
  }

  /** Nothing tells which backend refused; without page-table events there was but one. */
  private BackendKind failedBackend() {
    return parameters.translated() ? BackendKind.UNKNOWN : BackendKind.DIRECT;
  }

  private Judgement notInPlace() {
    return new Judgement.Unpredicted(parameters.translated() ? runsDoNotFit() : Reason.NO_BACKEND);
  }

  /** With pages of another size than the usual one the runs of every mapping look wrong. */
  private Reason runsDoNotFit() {
    return parameters.granuleOrigin() == DeviceFacts.Origin.DEFAULT
        ? Reason.GRANULE_UNKNOWN
        : Reason.RUNS_DO_NOT_FIT;
  }

  private Judgement failedCall(DmaMap map) {
    MapResult result = directMap(map);
    return result instanceof MapResult.Failure
        ? Judgement.EXACT
        : new Judgement.Unpredicted(Reason.FAILED_CALL);
  }

  private Judgement directSingle(DmaMap map) {
    return switch (directMap(map)) {
      case MapResult.Failure failure ->
          new Judgement.Different("model fails with " + failure.errno() + ", the call did not");
      case Mapping mapping when !mapping.bounces().isEmpty() -> unreachable(map.device());
      case Mapping mapping ->
          mapping.dmaAddrs().at(0) == map.dmaAddr()
              ? Judgement.EXACT
              : Judgement.different("dma_addr", mapping.dmaAddrs().at(0), map.dmaAddr());
    };
  }

  private Judgement unreachable(String device) {
    return new Judgement.Different(
        "model bounces it, which no event tells of: beyond dma_mask 0x%x"
            .formatted(device(device).addressLimit()));
  }

  /** MMIO never bounces, so that a mask too small for it is an error. */
  private MapResult directMap(DmaMap map) {
    long attrs = map.api() == MapApi.RESOURCE ? map.attrs() | DmaAttrs.MMIO : map.attrs();
    return direct(map.device())
        .mapPhys(map.physAddr(), map.sizeBytes(), map.direction(), attrs, Moment.START);
  }

  private Judgement directList(DmaMapSg map) {
    if (map.fullEnts() != map.fullNents()) {
      return Judgement.different("entries", map.fullNents(), map.fullEnts());
    }
    PhysList list = new PhysList();
    for (int i = 0; i < map.dmaAddrs().size(); i++) {
      list.add(map.physAddrs().at(i), map.lengths().at(i));
    }
    MapResult result = direct(map.device()).mapSg(list, map.direction(), map.attrs(), Moment.START);
    if (result instanceof Mapping mapping && !mapping.bounces().isEmpty()) {
      return unreachable(map.device());
    }
    Judgement judgement =
        new RecordedMapping(map.dmaAddrs(), map.lengths(), List.of())
            .compare(result, device(map.device()), granule);
    return map.truncated() && judgement instanceof Judgement.Exact
        ? Judgement.EXACT_PREFIX
        : judgement;
  }

  private DirectBackend direct(String device) {
    // A pool of one set: what had to bounce in the capture is told by its own event.
    return direct.computeIfAbsent(
        device,
        name -> DirectBackend.of(device(name), new SwiotlbPool(0, SwiotlbPool.SLOTS_MAX, 1)));
  }

  private Judgement translatedSingle(DmaMap map, MapEvidence evidence) {
    return translated(map, map.physAddr(), evidence);
  }

  /** The page table holds the slot's address. */
  private Judgement bouncedAndTranslated(DmaMap map, MapEvidence evidence) {
    long slotAddr = evidence.slotAddr(map.dmaAddr(), granule);
    bounces.mapTranslated(map, slotAddr, granule, evidence.bounces());
    Optional<String> misfit = slotMisfit(map.device(), map.physAddr(), slotAddr);
    return misfit.isPresent()
        ? new Judgement.Different(misfit.get())
        : translated(map, slotAddr, evidence);
  }

  /** A slot of whole granules; only the bits that the device wants kept are set below. */
  private Optional<String> slotMisfit(String device, long physAddr, long slotAddr) {
    long kept = physAddr & device(device).minAlignMask() & (granule - 1);
    return (slotAddr & (granule - 1)) == kept
        ? Optional.empty()
        : Optional.of(
            "offset in the bounced page: model 0x%x, recorded 0x%x"
                .formatted(kept, slotAddr & (granule - 1)));
  }

  /**
   * A list of which an entry is bounced, or of a device that is not trusted: each entry is a
   * mapping of its own, none is merged (drivers/iommu/dma-iommu.c iommu_dma_map_sg_swiotlb()).
   */
  private Judgement entryByEntry(DmaMapSg map, MapEvidence evidence) {
    if (evidence.entryRuns().isEmpty()) {
      return translatedList(map, evidence);
    }
    List<Long> slots = new ArrayList<>();
    Judgement judgement = Judgement.EXACT;
    for (int i = 0; i < evidence.entryRuns().size(); i++) {
      long physAddr = map.physAddrs().at(i);
      long dmaAddr = map.dmaAddrs().at(i);
      boolean bounced = evidence.isBounced(i, physAddr, granule);
      long memory = bounced ? evidence.slotAddr(i, dmaAddr, granule) : physAddr;
      slots.add(bounced ? memory : BounceReplay.NOT_BOUNCED);
      Optional<String> misfit =
          bounced ? slotMisfit(map.device(), physAddr, memory) : Optional.empty();
      if (judgement instanceof Judgement.Exact) {
        judgement =
            misfit.isPresent()
                ? new Judgement.Different(misfit.get())
                : translatedOne(
                    map.device(),
                    memory,
                    dmaAddr,
                    map.lengths().at(i),
                    evidence.entryRuns().get(i).runs());
      }
    }
    bounces.mapTranslated(map, slots, granule, evidence.bounces());
    return judgement;
  }

  private Judgement translated(DmaMap map, long physAddr, MapEvidence evidence) {
    return map.sizeBytes() < 0 || map.sizeBytes() > 0xffffffffL
        ? new Judgement.Unpredicted(Reason.NO_BACKEND)
        : translatedOne(map.device(), physAddr, map.dmaAddr(), map.sizeBytes(), evidence.runs());
  }

  private Judgement translatedOne(
      String device, long physAddr, long dmaAddr, long sizeBytes, List<PageTableRun> runs) {
    PhysList one = new PhysList().add(physAddr, sizeBytes);
    MapResult result = IommuSgLayout.of(one, granule, -1L, 0xffffffffL).at(dmaAddr & -granule);
    return new RecordedMapping(U64List.of(dmaAddr), U64List.of(sizeBytes), runs)
        .compare(result, device(device), granule);
  }

  private Judgement translatedList(DmaMapSg map, MapEvidence evidence) {
    return switch (SgInputs.recover(map, evidence.runs(), granule)) {
      case SgInputs.Result.Unknown(Reason reason) ->
          new Judgement.Unpredicted(
              reason == Reason.RUNS_DO_NOT_FIT && parameters.translated()
                  ? runsDoNotFit()
                  : reason);
      case SgInputs.Result.Known(PhysList input, long iova) ->
          recorded(map, evidence)
              .compare(laidOut(map.device(), input, iova), device(map.device()), granule);
      case SgInputs.Result.Prefix(PhysList input, long iova) ->
          recorded(map, evidence).comparePrefix(laidOut(map.device(), input, iova));
    };
  }

  private static RecordedMapping recorded(DmaMapSg map, MapEvidence evidence) {
    return new RecordedMapping(map.dmaAddrs(), map.lengths(), evidence.runs());
  }

  private MapResult laidOut(String name, PhysList input, long iova) {
    DeviceParameters device = device(name);
    return IommuSgLayout.of(input, granule, device.segmentBoundaryMask(), device.maxSegmentSize())
        .at(iova);
  }

  private Judgement bouncedSingle(DmaMap map, MapEvidence evidence) {
    bounces.map(map, evidence.bounces());
    return bouncedEntry(
        map.device(),
        map.physAddr(),
        map.dmaAddr(),
        map.sizeBytes(),
        evidence.bounces().getFirst().deviceAddr());
  }

  private Judgement bouncedList(DmaMapSg map, MapEvidence evidence) {
    bounces.map(map, evidence.bounces());
    if (map.fullEnts() != map.fullNents()) {
      return Judgement.different("entries", map.fullNents(), map.fullEnts());
    }
    if (!map.truncated() && evidence.bounces().size() != map.dmaAddrs().size()) {
      return new Judgement.Different(
          "bounced entries: model %d, recorded %d"
              .formatted(map.dmaAddrs().size(), evidence.bounces().size()));
    }
    for (int i = 0; i < map.dmaAddrs().size(); i++) {
      long physAddr = map.physAddrs().at(i);
      // The bounces of entries beyond the traced ones cannot be told from theirs.
      long bounced = map.truncated() ? physAddr : evidence.bounces().get(i).deviceAddr();
      Judgement judgement =
          bouncedEntry(map.device(), physAddr, map.dmaAddrs().at(i), map.lengths().at(i), bounced);
      if (!(judgement instanceof Judgement.Exact)) {
        return judgement;
      }
    }
    return map.truncated() ? Judgement.EXACT_PREFIX : Judgement.EXACT;
  }

  private Judgement bouncedEntry(
      String device, long physAddr, long dmaAddr, long sizeBytes, long bouncedAddr) {
    if (bouncedAddr != physAddr) {
      return Judgement.different("bounced address", physAddr, bouncedAddr);
    }
    if (parameters.pool().isEmpty()) {
      return Judgement.EXACT;
    }
    SlotCheck slot = new SlotCheck(parameters.pool().get(), device(device));
    return slot.isInPool(dmaAddr)
        ? slot.misfit(physAddr, dmaAddr, sizeBytes)
            .<Judgement>map(Judgement.Different::new)
            .orElse(Judgement.EXACT)
        : new Judgement.Unpredicted(Reason.OUTSIDE_POOL);
  }

  private DeviceParameters device(String name) {
    DeviceFacts facts = parameters.device(name);
    return facts == null ? DeviceParameters.pci(name) : facts.parameters();
  }

  private void count(EventHeader header, Key key, Judgement judgement) {
    Tally tally = tallies.computeIfAbsent(key, _ -> new Tally());
    switch (judgement) {
      case Judgement.Exact _ -> tally.exact++;
      case Judgement.ExactPrefix _ -> tally.exactPrefix++;
      case Judgement.Unpredicted(Reason reason) -> tally.unpredicted.merge(reason, 1L, Long::sum);
      case Judgement.Different(String what) -> {
        tally.different++;
        if (differences.size() < PredictionReport.DIFFERENCES_MAX) {
          differences.add(
              new PredictionReport.Difference(
                  header.sequence(), header.place(), key.device(), key.call(), what));
        }
      }
    }
  }
}
