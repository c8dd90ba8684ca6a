package io.dmascope.model.predict;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.SwiotlbPool;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.predict.DeviceFacts.Origin;
import io.dmascope.model.predict.DeviceFacts.Source;
import io.dmascope.model.rig.RigDevice;
import io.dmascope.model.rig.RigManifest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The first pass over a capture: learns the parameters that its events do not carry, from what the
 * kernel made of them. What the rig's manifest says is taken as it is.
 */
public final class CaptureSurvey {
  private static final int[] MIN_ALIGN_MASKS = {0, 511, 1023, 2047, 4095, 8191, 16383, 65535};

  private static final class Observed {
    final SegmentLimits limits = new SegmentLimits();

    /** The same of lists that were moved, and no page-table event of theirs was seen. */
    final SegmentLimits limitsWithoutRuns = new SegmentLimits();

    final long[] alignContradictions = new long[MIN_ALIGN_MASKS.length];
    final OffsetSurvey offset = new OffsetSurvey();
    long bounces;
    OptionalLong dmaMask = OptionalLong.empty();
    long highestInPlace;

    void inPlace(long lastAddr) {
      offset.refuse();
      if (Long.compareUnsigned(lastAddr, highestInPlace) > 0) {
        highestInPlace = lastAddr;
      }
    }
  }

  private RigManifest manifest;
  private final TaskTrail trail = new TaskTrail();
  private final Map<String, Observed> devices = new HashMap<>();
  private final GranuleSurvey granules = new GranuleSurvey();
  private final PoolSurvey pool = new PoolSurvey();
  private int cpuMax;

  /**
   * A survey with what is known beforehand. {@link RigManifest#UNKNOWN} for nothing but what the
   * capture itself may bring along.
   */
  public CaptureSurvey(RigManifest manifest) {
    this.manifest = manifest;
  }

  /** Takes in the next event of the capture. */
  public void apply(TraceEvent event) {
    cpuMax = Math.max(cpuMax, event.header().cpu());
    switch (event) {
      case CaptureStart start when manifest.equals(RigManifest.UNKNOWN) ->
          manifest = start.facts().rig();
      case IommuMap map -> {
        granules.run(map);
        trail.add(map);
      }
      case SwiotlbBounce bounce -> {
        of(bounce.device()).dmaMask = OptionalLong.of(bounce.dmaMask());
        trail.add(bounce);
      }
      case EventsLost _ -> trail.clear();
      case DmaMap map -> single(map);
      case DmaMapSg map -> list(map);
      case DmaAlloc alloc -> of(alloc.device());
      default -> {}
    }
  }

  private void single(DmaMap map) {
    Observed device = of(map.device());
    long last = map.dmaAddr() + map.sizeBytes() - 1;
    if (map.dmaAddr() != DmaAddress.ERROR) {
      trail
          .newestRun(map.header())
          .ifPresent(
              run ->
                  granules.single(
                      map, run, trail.newestBounceIsOf(map.header(), map.device(), run)));
    }
    MapEvidence evidence = MapEvidence.of(map, trail, granule());
    if (map.dmaAddr() == DmaAddress.ERROR) {
      return;
    }
    switch (evidence.backend()) {
      case SWIOTLB ->
          bounced(device, map.physAddr(), map.dmaAddr(), map.sizeBytes(), map.header().cpu());
      case IOMMU_SWIOTLB -> translatedBounce(device, map, evidence);
      case DIRECT -> device.inPlace(last);
      case UNKNOWN -> device.offset.add(map.physAddr(), map.dmaAddr());
      case IOMMU -> device.offset.refuse();
    }
  }

  /** The slot's address is in the page table; the device has an I/O virtual one. */
  private void translatedBounce(Observed device, DmaMap map, MapEvidence evidence) {
    device.offset.refuse();
    long slotAddr = evidence.slotAddr(map.dmaAddr(), granule());
    translatedBounce(device, map.physAddr(), slotAddr, map.sizeBytes(), map.header().cpu());
  }

  private void list(DmaMapSg map) {
    Observed device = of(map.device());
    MapEvidence evidence = MapEvidence.of(map, trail, granule());
    int entries = Math.min(map.dmaAddrs().size(), map.physAddrs().size());
    int cpu = map.header().cpu();
    switch (evidence.backend()) {
      case SWIOTLB -> {
        for (int i = 0; i < entries; i++) {
          bounced(device, map.physAddrs().at(i), map.dmaAddrs().at(i), map.lengths().at(i), cpu);
        }
      }
      case IOMMU -> limits(device.limits, map, evidence);
      case UNKNOWN -> {
        limits(device.limitsWithoutRuns, map, evidence);
        if (map.fullEnts() == map.fullNents()) {
          for (int i = 0; i < entries; i++) {
            device.offset.add(map.physAddrs().at(i), map.dmaAddrs().at(i));
          }
        }
      }
      case DIRECT -> {
        for (int i = 0; i < entries; i++) {
          device.inPlace(map.dmaAddrs().at(i) + map.lengths().at(i) - 1);
        }
      }
      case IOMMU_SWIOTLB -> {
        device.offset.refuse();
        for (int i = 0; i < evidence.entryRuns().size(); i++) {
          if (evidence.isBounced(i, map.physAddrs().at(i), granule())) {
            translatedBounce(
                device,
                map.physAddrs().at(i),
                evidence.slotAddr(i, map.dmaAddrs().at(i), granule()),
                map.lengths().at(i),
                cpu);
          }
        }
      }
    }
  }

  private void limits(SegmentLimits limits, DmaMapSg map, MapEvidence evidence) {
    switch (SgInputs.recover(map, evidence.runs(), granule())) {
      case SgInputs.Result.Known(var input, var iova) ->
          limits.observe(map, input, iova, granule());
      case SgInputs.Result.Prefix(var input, var iova) ->
          limits.observe(map, input, iova, granule());
      case SgInputs.Result.Unknown _ -> {}
    }
  }

  private void bounced(Observed device, long physAddr, long dmaAddr, long sizeBytes, int cpu) {
    device.bounces++;
    for (int i = 0; i < MIN_ALIGN_MASKS.length; i++) {
      long mask = MIN_ALIGN_MASKS[i];
      long kept = physAddr & mask & (SwiotlbPool.SLOT_BYTES - 1);
      boolean fits =
          ((physAddr ^ dmaAddr) & mask) == 0
              && ((dmaAddr - kept) & (SwiotlbPool.SLOT_BYTES - 1)) == 0;
      device.alignContradictions[i] += fits ? 0 : 1;
    }
    pool.bounced(cpu, dmaAddr, sizeBytes);
  }

  /** Slots are whole granules here, so that below the granule only kept bits are set. */
  private void translatedBounce(
      Observed device, long physAddr, long slotAddr, long sizeBytes, int cpu) {
    device.bounces++;
    long inGranule = granule() - 1;
    for (int i = 0; i < MIN_ALIGN_MASKS.length; i++) {
      boolean fits = (slotAddr & inGranule) == (physAddr & MIN_ALIGN_MASKS[i] & inGranule);
      device.alignContradictions[i] += fits ? 0 : 1;
    }
    pool.bounced(cpu, slotAddr, sizeBytes);
  }

  /** Ends the pass. */
  public CaptureParameters parameters() {
    TreeMap<String, DeviceFacts> facts = new TreeMap<>();
    devices.forEach((name, observed) -> facts.put(name, facts(name, observed)));
    int cpus = manifest.cpu().flatMap(cpu -> boxed(cpu.onlineCount())).orElse(cpuMax + 1);
    return new CaptureParameters(
        granule(),
        granules.origin(manifest),
        facts,
        granules.anyRuns(),
        pool.pool(manifest, cpus),
        cpus,
        manifest);
  }

  private static Optional<Integer> boxed(OptionalInt value) {
    return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
  }

  private long granule() {
    return granules.granule(manifest);
  }

  private DeviceFacts facts(String name, Observed observed) {
    Optional<RigDevice.DmaLimits> given = manifest.device(name).map(RigDevice::dmaLimits);
    DeviceParameters parameters =
        looksLikePci(name) ? DeviceParameters.pci(name) : DeviceParameters.platform(name);
    Source size = Source.DEFAULT;
    Source boundary = Source.DEFAULT;
    SegmentLimits limits = granules.anyRuns() ? observed.limits : observed.limitsWithoutRuns;
    if (!limits.isEmpty()) {
      SegmentLimits.Inferred inferred = limits.infer();
      parameters =
          parameters
              .withMaxSegmentSize(inferred.maxSegmentSize())
              .withSegmentBoundaryMask(inferred.boundaryMask());
      size = new Source(Origin.INFERRED, sizeNote(inferred));
      boundary = new Source(Origin.INFERRED, boundaryNote(inferred));
    }
    OptionalLong givenSize = given.map(RigDevice.DmaLimits::maxSegmentSizeBytes).orElse(NONE);
    if (givenSize.isPresent()) {
      parameters = parameters.withMaxSegmentSize(givenSize.getAsLong());
      size = new Source(Origin.GIVEN, "");
    }
    OptionalLong givenBoundary = given.map(RigDevice.DmaLimits::segmentBoundaryMask).orElse(NONE);
    if (givenBoundary.isPresent()) {
      parameters = parameters.withSegmentBoundaryMask(givenBoundary.getAsLong());
      boundary = new Source(Origin.GIVEN, "");
    }
    Source mask = Source.DEFAULT;
    OptionalLong dmaMask = observed.dmaMask;
    // A driver may widen its mask after the bounce that told of it.
    boolean outgrown =
        dmaMask.isPresent()
            && Long.compareUnsigned(observed.highestInPlace, dmaMask.getAsLong()) > 0;
    if (dmaMask.isPresent() && dmaMask.getAsLong() != 0 && !outgrown) {
      parameters = parameters.withDmaMask(dmaMask.getAsLong());
      mask = new Source(Origin.RECORDED, "");
    } else if (given.isPresent() && given.get().dmaMaskBits().isPresent()) {
      parameters = parameters.withDmaMask(maskOf(given.get().dmaMaskBits().getAsInt()));
      mask = new Source(Origin.GIVEN, "");
    }
    Source align = Source.DEFAULT;
    OptionalLong givenAlign = given.map(RigDevice.DmaLimits::minAlignMask).orElse(NONE);
    if (givenAlign.isPresent()) {
      parameters = parameters.withMinAlignMask((int) givenAlign.getAsLong());
      align = new Source(Origin.GIVEN, "");
    } else if (observed.bounces > 0) {
      parameters = parameters.withMinAlignMask(minAlignMask(observed));
      align = new Source(Origin.INFERRED, "");
    }
    OptionalLong moved = granules.anyRuns() ? NONE : observed.offset.offset();
    if (moved.isPresent()) {
      parameters =
          parameters.withDmaRanges(
              List.of(new DeviceParameters.DmaRange(0, moved.getAsLong(), -1L)));
    }
    return new DeviceFacts(parameters, size, boundary, align, mask);
  }

  private static final OptionalLong NONE = OptionalLong.empty();

  /** No mask where none is needed to explain the slots, else the largest that explains most. */
  private static int minAlignMask(Observed observed) {
    int best = 0;
    for (int i = 1; i < MIN_ALIGN_MASKS.length; i++) {
      long gained = observed.alignContradictions[best] - observed.alignContradictions[i];
      if (gained > 0 || (gained == 0 && best > 0)) {
        best = i;
      }
    }
    return MIN_ALIGN_MASKS[best];
  }

  private static String sizeNote(SegmentLimits.Inferred inferred) {
    return inferred.maxSegmentSizeEnd() > 0xffffffffL
        ? "any larger value fits as well"
        : "anything up to 0x%x fits".formatted(inferred.maxSegmentSizeEnd() - 1);
  }

  private static String boundaryNote(SegmentLimits.Inferred inferred) {
    return inferred.smallestBoundaryMask() == inferred.boundaryMask()
        ? ""
        : "any mask from 0x%x fits".formatted(inferred.smallestBoundaryMask());
  }

  private static long maskOf(int bits) {
    return bits >= 64 ? -1L : (1L << bits) - 1;
  }

  /** A PCI function's name: {@code 0000:03:00.0}. */
  static boolean looksLikePci(String name) {
    return name.length() >= 12
        && name.charAt(name.length() - 2) == '.'
        && name.chars().filter(c -> c == ':').count() == 2;
  }

  private Observed of(String device) {
    return devices.computeIfAbsent(device, _ -> new Observed());
  }
}
