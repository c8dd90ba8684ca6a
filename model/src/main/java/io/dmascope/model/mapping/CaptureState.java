package io.dmascope.model.mapping;

import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.EventsLost;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.finding.DeviceSummary;
import io.dmascope.model.finding.LiveSite;
import io.dmascope.model.rig.RigIommuGroup.DomainType;
import io.dmascope.model.rig.RigManifest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that is remembered of one capture. Owned by one thread; can be stored and brought back
 * piecewise.
 */
public final class CaptureState {
  private static final CaptureFacts NO_FACTS = new CaptureFacts("", "", "", "", "", false);

  private final DeviceTable devices = new DeviceTable();
  private final LiveMappings mappings = new LiveMappings(devices);
  private final Tasks tasks = new Tasks();
  private final Losses losses = new Losses();
  private final CpuOrder order = new CpuOrder();
  private final EventCounts counts = new EventCounts();
  private final Attachments attachments = new Attachments();
  private final ProbeState probes = new ProbeState();
  private final GrowthHistory growth = new GrowthHistory();
  private final Weighing weighing = new Weighing(this);
  private final Transition transition = new Transition(this);
  private CaptureFacts facts = NO_FACTS;
  private RigFacts rig = new RigFacts(RigManifest.UNKNOWN);
  private CachelineOwners cachelines;
  private FlushWindows flushes;
  private long firstTimestampNs;
  private long pageTableBits;
  private boolean started;
  private long now;
  private long[] clockOfCpu = new long[16];

  public DeviceTable devices() {
    return devices;
  }

  public LiveMappings mappings() {
    return mappings;
  }

  public Tasks tasks() {
    return tasks;
  }

  public Losses losses() {
    return losses;
  }

  public CpuOrder order() {
    return order;
  }

  public EventCounts counts() {
    return counts;
  }

  Attachments attachments() {
    return attachments;
  }

  ProbeState probes() {
    return probes;
  }

  public GrowthHistory growth() {
    return growth;
  }

  /** Takes a census where one is due; a comparison otherwise. */
  public void sampleGrowth(long timestampNs) {
    if (growth.due(timestampNs)) {
      growth.sample(this);
    }
  }

  /** What is live now, by site; costs a look at every live mapping. */
  public List<LiveSite> liveSites() {
    List<LiveSite> sites = new ArrayList<>();
    LiveCensus.count(mappings, _ -> true)
        .forEach(
            (site, tally) ->
                sites.add(
                    new LiveSite(
                        devices.at(site.device()).name(),
                        site.kind(),
                        site.direction(),
                        site.sizeClass(),
                        tally.count(),
                        tally.bytes(),
                        tally.oldest(),
                        tally.newest())));
    return sites;
  }

  /** Says which premises of a finding may be false. */
  public Weighing weighing() {
    return weighing;
  }

  Transition transition() {
    return transition;
  }

  public CaptureFacts facts() {
    return facts;
  }

  /** Begins to keep what only machines of that kind need. */
  private void rigKnown(RigManifest manifest) {
    rig = new RigFacts(manifest);
    boolean snooped = manifest.devices().stream().allMatch(d -> d.coherent().orElse(false));
    cachelines =
        rig.cacheLineBytes().isPresent() && !snooped
            ? new CachelineOwners(mappings, rig.cacheLineBytes().getAsInt())
            : null;
    boolean lazy =
        manifest.iommuGroups().stream()
            .anyMatch(group -> group.domainType().equals(Optional.of(DomainType.DMA_FQ)));
    flushes = lazy ? new FlushWindows() : null;
  }

  /** Null where no device is known to be without snooping. */
  CachelineOwners cachelines() {
    return cachelines;
  }

  /** Null where no domain is known to be lazy. */
  FlushWindows flushes() {
    return flushes;
  }

  /** What is known of the machine; unknown in all where the capture came without a manifest. */
  public RigFacts rig() {
    return rig;
  }

  public boolean completeStart() {
    return facts.completeStart();
  }

  /** How many devices the capture shows behind an IOMMU. */
  public int translatedDevices() {
    int translated = 0;
    for (int id = 0; id < devices.size(); id++) {
      translated += devices.at(id).translated() ? 1 : 0;
    }
    return translated;
  }

  /**
   * The smallest page that the page-table events show, in bytes, at least 4096: what the DMA layer
   * rounds to. It is never larger than the CPU's (drivers/iommu/iova.c init_iova_domain()), which
   * says more than a few large runs do.
   */
  public long granule() {
    long shown = pageTableBits == 0 ? 0 : Long.lowestOneBit(pageTableBits);
    return Math.max(
        Addresses.IOMMU_GRANULE,
        Math.min(shown, rig.manifest().pageSizeBytes().orElse(Integer.MAX_VALUE)));
  }

  /** Learns from a page-table run. */
  void pageTableRun(long iova, long physAddr, long sizeBytes) {
    pageTableBits |= iova | physAddr | sizeBytes;
  }

  /** Stamp of the first event. */
  public long firstTimestampNs() {
    return firstTimestampNs;
  }

  /** Stamp of the current event. */
  public long now() {
    return now;
  }

  /** Forgets what was only kept for findings of earlier events than that one. */
  public void forgetBefore(long sequence) {
    losses.forgetBefore(sequence);
    order.forgetBefore(sequence);
  }

  /**
   * Notes what every event tells, whatever its kind. Returns how far its CPU's clock ran backwards,
   * or 0.
   */
  long observe(TraceEvent event) {
    EventHeader header = event.header();
    if (event instanceof CaptureStart start) {
      facts = start.facts();
      rigKnown(facts.rig());
      facts.rig().cpu().ifPresent(cpu -> cpu.onlineCount().ifPresent(losses::online));
      order.begin(facts.clocksMayDiffer());
      return 0;
    }
    if (event instanceof EventsLost lost) {
      losses.lost(lost);
    }
    losses.heard(header);
    counts.count(event);
    if (!started) {
      started = true;
      firstTimestampNs = header.timestampNs();
    }
    now = header.timestampNs();
    // A probe takes its stamp at another moment than a tracepoint does, also on the same CPU.
    return event instanceof EventsLost || event instanceof ProbeEvent ? 0 : clockStep(header);
  }

  private long clockStep(EventHeader header) {
    int cpu = header.cpu();
    if (cpu < 0 || cpu >= Losses.CPUS_MAX) {
      return 0;
    }
    if (cpu >= clockOfCpu.length) {
      clockOfCpu = Arrays.copyOf(clockOfCpu, Math.max(cpu + 1, clockOfCpu.length * 2));
    }
    long before = clockOfCpu[cpu];
    clockOfCpu[cpu] = header.timestampNs();
    return before > header.timestampNs() ? before - header.timestampNs() : 0;
  }

  /** The device's counts at this moment. */
  public DeviceSummary summary(Device d, EventHeader at) {
    d.summarisedAtNs = at.timestampNs();
    d.changedSinceSummary = false;
    return new DeviceSummary(
        d.name(),
        at.timestampNs(),
        at.sequence(),
        d.liveMappings,
        d.liveBytes,
        d.maps,
        d.unmaps,
        d.mapFailures,
        d.mappedBytes,
        d.bounces,
        d.bouncedBytes,
        d.sgEntriesIn,
        d.sgEntriesOut,
        d.violations);
  }

  /** True where the device changed and was last summarised at least so long ago, or never. */
  public boolean summaryDue(Device d, long intervalNs) {
    return d.changedSinceSummary
        && (d.summarisedAtNs == Long.MIN_VALUE || now - d.summarisedAtNs >= intervalNs);
  }

  /** Counts a finding about the device. */
  public void countViolation(String device) {
    Device found = devices.find(device);
    if (found != null) {
      found.violations++;
      found.changedSinceSummary = true;
    }
  }

  /** True where anything is known of the machine. */
  public boolean rigKnown() {
    return !facts.rig().equals(RigManifest.UNKNOWN);
  }

  /** Writes what is known of the machine, which never changes after the capture's first event. */
  public byte[] saveRig() {
    return RigBytes.of(facts.rig());
  }

  /** Reads what {@link #saveRig} wrote; before {@link #restoreCore}. */
  public void restoreRig(byte[] bytes) {
    facts = NO_FACTS.withRig(RigBytes.read(bytes));
    rigKnown(facts.rig());
  }

  /**
   * Writes all but the machine, the tasks and the objects, which {@link Tasks} and {@link
   * LiveMappings} hand out by page.
   */
  public void saveCore(StateWriter out) {
    out.text(facts.captureId())
        .text(facts.file())
        .text(facts.format())
        .text(facts.kernelRelease())
        .text(facts.clock())
        .flag(facts.completeStart())
        .flag(started)
        .s(firstTimestampNs)
        .u(pageTableBits)
        .s(now)
        .u(clockOfCpu.length);
    for (long clock : clockOfCpu) {
      out.s(clock);
    }
    devices.save(out);
    tasks.save(out);
    losses.save(out);
    order.save(out);
    counts.save(out);
    attachments.save(out);
    probes.save(out);
    if (flushes != null) {
      flushes.save(out);
    }
    growth.save(out);
    out.u(mappings.forgotten());
  }

  /** Reads what {@link #saveCore} wrote; before any page of {@link LiveMappings}. */
  public void restoreCore(StateReader in) {
    facts =
        new CaptureFacts(
            in.text(), in.text(), in.text(), in.text(), in.text(), in.flag(), facts.rig());
    started = in.flag();
    firstTimestampNs = in.s();
    pageTableBits = in.u();
    now = in.s();
    clockOfCpu = new long[in.i()];
    for (int i = 0; i < clockOfCpu.length; i++) {
      clockOfCpu[i] = in.s();
    }
    devices.restore(in);
    tasks.restore(in);
    losses.restore(in);
    order.begin(facts.clocksMayDiffer());
    order.restore(in);
    counts.restore(in);
    attachments.restore(in);
    probes.restore(in);
    if (flushes != null) {
      flushes.restore(in);
    }
    growth.restore(in);
    forgottenBefore = in.u();
  }

  private long forgottenBefore;

  /** Ends the restoration. */
  public void restored() {
    tasks.restored();
    mappings.restored(forgottenBefore);
    if (cachelines != null) {
      SortedMap<Long, MappedObject> byAge = new TreeMap<>();
      for (Range range : mappings.ranges().live()) {
        byAge.put(range.owner().firstMapped().sequence(), range.owner());
      }
      byAge.values().forEach(cachelines::enter);
    }
  }

  /** Receives a page of a table; null where it became empty. */
  @FunctionalInterface
  public interface PageSink {
    void page(int page, byte[] image);
  }
}
