package io.dmascope.model.predict;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.DirectBackend;
import io.dmascope.model.backend.IommuSgLayout;
import io.dmascope.model.backend.MapResult;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.backend.Moment;
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
    this.iovas = new IovaSteps(parameters);
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
    BackendKind backend = failed ? failedBackend() : backend(evidence);
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
    BackendKind backend = backend(evidence);
    if (backend == BackendKind.IOMMU) {
      takenByList(map, evidence);
    }
    Judgement judgement =
        switch (backend) {
          case DIRECT -> directList(map);
          case SWIOTLB -> bouncedList(map, evidence);
          case IOMMU, IOMMU_SWIOTLB -> translatedList(map, evidence);
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

  /** Without page-table events in the whole capture, what is not in place was translated. */
  private BackendKind backend(MapEvidence evidence) {
    return evidence.backend() == BackendKind.UNKNOWN && !parameters.translated()
        ? BackendKind.IOMMU
        : evidence.backend();
  }

  /** Nothing tells which backend refused; without page-table events there was but one. */
  private BackendKind failedBackend() {
    return parameters.translated() ? BackendKind.UNKNOWN : BackendKind.DIRECT;
  }

  private Judgement notInPlace() {
    return new Judgement.Unpredicted(
        parameters.translated() ? Reason.RUNS_DO_NOT_FIT : Reason.NO_BACKEND);
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
      case Mapping mapping ->
          mapping.dmaAddrs().at(0) == map.dmaAddr()
              ? Judgement.EXACT
              : Judgement.different("dma_addr", mapping.dmaAddrs().at(0), map.dmaAddr());
    };
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

  /** The page table holds the slot's address, of which the offset in the granule is told. */
  private Judgement bouncedAndTranslated(DmaMap map, MapEvidence evidence) {
    long slot = evidence.runs().getFirst().physAddr() + (map.dmaAddr() & (granule - 1));
    return translated(map, slot, evidence);
  }

  private Judgement translated(DmaMap map, long physAddr, MapEvidence evidence) {
    if (map.sizeBytes() < 0 || map.sizeBytes() > 0xffffffffL) {
      return new Judgement.Unpredicted(Reason.NO_BACKEND);
    }
    PhysList one = new PhysList().add(physAddr, map.sizeBytes());
    MapResult result =
        IommuSgLayout.of(one, granule, -1L, 0xffffffffL).at(map.dmaAddr() & -granule);
    return new RecordedMapping(
            U64List.of(map.dmaAddr()), U64List.of(map.sizeBytes()), evidence.runs())
        .compare(result, device(map.device()), granule);
  }

  private Judgement translatedList(DmaMapSg map, MapEvidence evidence) {
    return switch (SgInputs.recover(map, evidence.runs(), granule)) {
      case SgInputs.Result.Unknown(Reason reason) -> new Judgement.Unpredicted(reason);
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
    Optional<String> misfit =
        parameters
            .pool()
            .flatMap(
                pool -> new SlotCheck(pool, device(device)).misfit(physAddr, dmaAddr, sizeBytes));
    return misfit.<Judgement>map(Judgement.Different::new).orElse(Judgement.EXACT);
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
