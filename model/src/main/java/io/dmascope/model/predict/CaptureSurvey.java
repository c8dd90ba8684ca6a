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
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The first pass over a capture: learns the parameters that its events do not carry, from what the
 * kernel made of them. What the rig's manifest says is taken as it is.
 */
public final class CaptureSurvey {
  private static final long DEFAULT_GRANULE = 4096;
  private static final long PAGE_BYTES = 4096;
  private static final int LARGE_GRANULE_RUNS_MIN = 64;
  private static final long[] LARGE_GRANULES = {65536, 16384};

  /** 16 GiB: more would be an error of ours, and our memory. */
  private static final int POOL_SLOTS_MAX = 1 << 23;

  private static final int[] MIN_ALIGN_MASKS = {0, 511, 1023, 2047, 4095, 8191, 16383, 65535};

  private static final class Observed {
    final SegmentLimits limits = new SegmentLimits();

    /** The same of lists that were moved, and no page-table event of theirs was seen. */
    final SegmentLimits limitsWithoutRuns = new SegmentLimits();

    final long[] alignContradictions = new long[MIN_ALIGN_MASKS.length];
    long bounces;
    OptionalLong dmaMask = OptionalLong.empty();
  }

  private RigManifest manifest;
  private final TaskTrail trail = new TaskTrail();
  private final Map<String, Observed> devices = new HashMap<>();
  private long pageTableBits;
  private long pageTableRuns;
  private final SortedMap<Integer, Long> firstBounceOfCpu = new TreeMap<>();
  private long bounceStart = Long.MAX_VALUE;
  private long bounceEnd;
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
        pageTableRuns++;
        pageTableBits |= map.iova() | map.physAddr() | map.sizeBytes();
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
    MapEvidence evidence = MapEvidence.of(map, trail, granule());
    if (evidence.backend() == BackendKind.SWIOTLB && map.dmaAddr() != DmaAddress.ERROR) {
      bounced(device, map.physAddr(), map.dmaAddr(), map.sizeBytes(), map.header().cpu());
    }
  }

  private void list(DmaMapSg map) {
    Observed device = of(map.device());
    MapEvidence evidence = MapEvidence.of(map, trail, granule());
    if (evidence.backend() == BackendKind.SWIOTLB) {
      int entries = Math.min(map.dmaAddrs().size(), map.physAddrs().size());
      for (int i = 0; i < entries; i++) {
        bounced(
            device,
            map.physAddrs().at(i),
            map.dmaAddrs().at(i),
            map.lengths().at(i),
            map.header().cpu());
      }
      return;
    }
    switch (evidence.backend()) {
      case IOMMU -> limits(device.limits, map, evidence);
      case UNKNOWN -> limits(device.limitsWithoutRuns, map, evidence);
      case DIRECT, SWIOTLB, IOMMU_SWIOTLB -> {}
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
    firstBounceOfCpu.putIfAbsent(cpu, dmaAddr);
    bounceStart = Math.min(bounceStart, dmaAddr);
    bounceEnd = Math.max(bounceEnd, dmaAddr + sizeBytes);
  }

  /** Ends the pass. */
  public CaptureParameters parameters() {
    TreeMap<String, DeviceFacts> facts = new TreeMap<>();
    devices.forEach((name, observed) -> facts.put(name, facts(name, observed)));
    int cpus = manifest.cpu().flatMap(cpu -> boxed(cpu.onlineCount())).orElse(cpuMax + 1);
    return new CaptureParameters(
        granule(),
        pageTableBits == 0 ? Origin.DEFAULT : Origin.INFERRED,
        facts,
        pageTableBits != 0,
        pool(),
        cpus,
        manifest);
  }

  private static Optional<Integer> boxed(OptionalInt value) {
    return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
  }

  private long granule() {
    long smallest = Long.lowestOneBit(pageTableBits);
    if (smallest > 0 && smallest < DEFAULT_GRANULE) {
      return smallest;
    }
    // A few runs may all be longer than the smallest page, which is never longer than the CPU's.
    boolean manyRuns = pageTableRuns >= LARGE_GRANULE_RUNS_MIN;
    for (long granule : LARGE_GRANULES) {
      if (manyRuns && smallest >= granule && granule <= manifest.pageSizeBytes().orElse(65536)) {
        return granule;
      }
    }
    return DEFAULT_GRANULE;
  }

  /**
   * The manifest's pool, or one of the default size that begins where the first bounces tell: every
   * CPU begins with the first slot of its own area.
   */
  private Optional<CaptureParameters.Pool> pool() {
    if (manifest.swiotlb().isPresent() && manifest.swiotlb().get().startAddr().isPresent()) {
      io.dmascope.model.rig.SwiotlbPool known = manifest.swiotlb().get();
      long slots = known.slots().orElse(SwiotlbPool.DEFAULT_SLOTS);
      return Optional.of(
          new CaptureParameters.Pool(
              known.startAddr().getAsLong(), Math.toIntExact(slots), Origin.GIVEN));
    }
    if (firstBounceOfCpu.isEmpty()) {
      return Optional.empty();
    }
    long start = poolStart();
    int slots = SwiotlbPool.DEFAULT_SLOTS;
    while ((long) slots * SwiotlbPool.SLOT_BYTES < bounceEnd - start && slots < POOL_SLOTS_MAX) {
      slots *= 2;
    }
    return Optional.of(new CaptureParameters.Pool(start, slots, Origin.INFERRED));
  }

  /** Where most CPUs' first bounces say that the pool begins, if that holds all others. */
  private long poolStart() {
    int areas = SwiotlbPool.areas(SwiotlbPool.DEFAULT_SLOTS, cpuMax + 1);
    long poolBytes = (long) SwiotlbPool.DEFAULT_SLOTS * SwiotlbPool.SLOT_BYTES;
    SortedMap<Long, Integer> votes = new TreeMap<>();
    firstBounceOfCpu.forEach(
        (cpu, addr) -> {
          long area = Math.max(0, cpu) & (areas - 1);
          long start = (addr - area * (poolBytes / areas)) & -PAGE_BYTES;
          if (start >= 0 && start <= bounceStart && bounceEnd - start <= poolBytes) {
            votes.merge(start, 1, Integer::sum);
          }
        });
    return votes.entrySet().stream()
        .max(Map.Entry.<Long, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .orElse(bounceStart & -PAGE_BYTES);
  }

  private DeviceFacts facts(String name, Observed observed) {
    Optional<RigDevice.DmaLimits> given = manifest.device(name).map(RigDevice::dmaLimits);
    DeviceParameters parameters =
        looksLikePci(name) ? DeviceParameters.pci(name) : DeviceParameters.platform(name);
    Source size = Source.DEFAULT;
    Source boundary = Source.DEFAULT;
    SegmentLimits limits = pageTableBits != 0 ? observed.limits : observed.limitsWithoutRuns;
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
    if (dmaMask.isPresent() && dmaMask.getAsLong() != 0) {
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
