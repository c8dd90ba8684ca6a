package io.dmascope.tables;

import io.dmascope.model.event.CaptureEnd;
import io.dmascope.model.event.CaptureFacts;
import io.dmascope.model.event.CaptureStart;
import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaAllocSgt;
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
import io.dmascope.model.finding.LiveSite;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.MappingLifecycle;
import io.dmascope.model.finding.Violation;
import io.dmascope.model.rig.RigDevice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Counts one capture in windows of event time.
 *
 * <p>{@link #before} and {@link #event} are called around the model's own {@code apply} of each
 * event, {@link #lifecycle} and {@link #violation} with what the model concludes. All depends on
 * the order of the events alone, so that whoever replays the same capture gets the same numbers.
 *
 * <p>A window is handed over when an event comes that is {@link #GRACE_NS} past its end: clocks of
 * CPUs that disagree, and kernel logs, put events behind others of a later time. What comes later
 * still is counted in the oldest open window and as {@link Measure#LATE_EVENTS}.
 *
 * <p>Owned by one thread.
 */
public final class Aggregates {
  /** How long a window waits for events that come late. */
  static final long GRACE_NS = 1_000_000_000L;

  /** Sites told apart at once; the devices of further ones are {@link Site#OTHERS}. */
  static final int SITES_MAX = 20_000;

  /** Rules by device and window told apart; further ones count in the window of the first. */
  static final int RULE_COUNTS_MAX = 200_000;

  private static final Site WHOLE = new Site("", "", "");

  private final long windowNs;
  private final Supplier<List<LiveSite>> census;
  private final Consumer<Aggregate> closed;
  private final TreeMap<Long, Map<Site, Aggregate>> open = new TreeMap<>();
  private final Map<Site, Aggregate.Live> live = new HashMap<>();
  private final Map<String, String> drivers = new HashMap<>();
  private final TreeMap<RuleCount, Long> rules = new TreeMap<>();
  private final Map<SiteKey, Site> sites = new HashMap<>();
  private CaptureFacts facts;
  private long newest = Long.MIN_VALUE;

  private record SiteKey(String device, DmaDirection direction, MappingKind kind) {}

  /**
   * @param windowNs length of a window, over 0
   * @param census what is live now, by site; asked once a window
   * @param closed takes the aggregates of each window in the order of their sites, oldest first
   */
  public Aggregates(long windowNs, Supplier<List<LiveSite>> census, Consumer<Aggregate> closed) {
    if (windowNs <= 0) {
      throw new IllegalArgumentException("a window has a length [windowNs=" + windowNs + "]");
    }
    this.windowNs = windowNs;
    this.census = census;
    this.closed = closed;
  }

  /** To be called before the model applies the event. */
  public void before(TraceEvent event) {
    switch (event) {
      case CaptureStart start -> {
        facts = start.facts();
        for (RigDevice device : facts.rig().devices()) {
          drivers.putIfAbsent(device.name(), device.driver());
        }
      }
      case CaptureEnd _ -> {}
      default -> reach(window(event.header().timestampNs()), event.header().timestampNs());
    }
  }

  private void reach(long window, long nowNs) {
    if (newest == Long.MIN_VALUE) {
      newest = window;
      open.put(window, new HashMap<>());
    } else if (window > newest) {
      takeCensus();
      newest = window;
      open.put(window, new HashMap<>());
      while (open.firstKey() < newest && end(open.firstKey()) <= nowNs - GRACE_NS) {
        close();
      }
    }
  }

  private long end(long window) {
    return (window + 1) * windowNs;
  }

  private long window(long timestampNs) {
    return countsTime() ? Math.floorDiv(timestampNs, windowNs) : 0;
  }

  private boolean countsTime() {
    return facts == null || facts.clockCountsTime();
  }

  /** Puts what is live in the newest window's place: exact, whatever was lost or displaced. */
  private void takeCensus() {
    live.values().forEach(none -> none.mappings = none.bytes = 0);
    for (LiveSite there : census.get()) {
      Aggregate.Live sum = liveOf(site(there.device(), there.direction(), there.kind()));
      sum.mappings += there.count();
      sum.bytes += there.bytes();
    }
    Map<Site, Aggregate> cells = open.get(newest);
    live.forEach(
        (site, now) -> {
          if (now.mappings > 0 || cells.containsKey(site)) {
            cell(newest, site).live(now);
          }
        });
    live.values().removeIf(none -> none.mappings == 0);
  }

  private void close() {
    Map<Site, Aggregate> cells = open.pollFirstEntry().getValue();
    new TreeMap<>(cells).values().forEach(closed);
  }

  /** To be called after the model applied the event. */
  public void event(TraceEvent event) {
    switch (event) {
      case CaptureStart _ -> {}
      case CaptureEnd _ -> end();
      case DmaMap map ->
          made(
              event,
              map.device(),
              map.direction(),
              Kinds.of(map.api(), map.attrs()),
              map.sizeBytes(),
              map.dmaAddr() == DmaAddress.ERROR);
      case DmaAlloc alloc ->
          made(
              event,
              alloc.device(),
              alloc.direction(),
              Kinds.of(alloc.api()),
              alloc.sizeBytes(),
              alloc.failed());
      case DmaAllocSgt alloc ->
          made(
              event,
              alloc.device(),
              alloc.direction(),
              MappingKind.NONCONTIGUOUS,
              alloc.sizeBytes(),
              alloc.failed());
      case DmaMapSg map -> {
        Aggregate cell =
            made(
                event,
                map.device(),
                map.direction(),
                MappingKind.SCATTER_GATHER,
                map.lengths().sum(),
                false);
        cell.add(Measure.ENTRIES_IN, map.fullNents());
        cell.add(Measure.ENTRIES_OUT, map.fullEnts());
      }
      case DmaMapSgError map ->
          made(event, map.device(), map.direction(), MappingKind.SCATTER_GATHER, 0, true);
      case DmaUnmap unmap ->
          count(
              event,
              site(unmap.device(), unmap.direction(), Kinds.of(unmap.api(), unmap.attrs())),
              Measure.UNMAPS);
      case DmaUnmapSg unmap ->
          count(
              event,
              site(unmap.device(), unmap.direction(), MappingKind.SCATTER_GATHER),
              Measure.UNMAPS);
      case DmaFree free ->
          count(event, site(free.device(), free.direction(), Kinds.of(free.api())), Measure.UNMAPS);
      case DmaFreeSgt free ->
          count(
              event,
              site(free.device(), free.direction(), MappingKind.NONCONTIGUOUS),
              Measure.UNMAPS);
      case DmaSync sync -> count(event, site(sync.device(), sync.direction()), Measure.SYNCS);
      case DmaSyncSg sync -> count(event, site(sync.device(), sync.direction()), Measure.SYNCS);
      case IommuMap map ->
          count(event, WHOLE, Measure.IOMMU_MAPS).add(Measure.IOMMU_MAPPED_BYTES, map.sizeBytes());
      case IommuUnmap unmap ->
          count(event, WHOLE, Measure.IOMMU_UNMAPS)
              .add(Measure.IOMMU_UNMAPPED_BYTES, unmap.unmappedBytes());
      case SwiotlbBounce bounce ->
          count(event, device(bounce.device()), Measure.BOUNCES)
              .add(Measure.BOUNCED_BYTES, bounce.sizeBytes());
      case IoPageFault fault -> count(event, device(fault.device()), Measure.FAULTS);
      case EventsLost lost ->
          count(event, WHOLE, Measure.LOSSES).add(Measure.LOST_EVENTS, Math.max(0, lost.count()));
      case IommuGroupChange _, IommuAttach _, DmaBufEvent _, ProbeEvent _, Marker _ -> {}
    }
  }

  private Aggregate made(
      TraceEvent event,
      String device,
      DmaDirection direction,
      MappingKind kind,
      long sizeBytes,
      boolean failed) {
    Site site = site(device, direction, kind);
    if (failed) {
      return count(event, site, Measure.FAILURES);
    }
    Aggregate cell = count(event, site, Measure.MAPS);
    cell.add(Measure.MAPPED_BYTES, sizeBytes);
    cell.sizesBytes().add(sizeBytes);
    Aggregate.Live now = liveOf(site);
    now.mappings++;
    now.bytes += sizeBytes;
    cell.live(now);
    return cell;
  }

  private Aggregate count(TraceEvent event, Site site, Measure measure) {
    Aggregate cell = cellAt(event.header().timestampNs(), site);
    cell.add(measure, 1);
    return cell;
  }

  private Aggregate cellAt(long timestampNs, Site site) {
    long window = window(timestampNs);
    if (window >= open.firstKey()) {
      return cell(window, site);
    }
    Aggregate cell = cell(open.firstKey(), site);
    cell.add(Measure.LATE_EVENTS, 1);
    return cell;
  }

  /** A mapping ended; its lifetime counts where it ended. */
  public void lifecycle(MappingLifecycle ended) {
    Site site = site(ended.device(), ended.direction(), ended.kind());
    Aggregate.Live now = liveOf(site);
    now.mappings = Math.max(0, now.mappings - 1);
    now.bytes = Math.max(0, now.bytes - ended.sizeBytes());
    long window = Math.max(open.firstKey(), window(ended.unmapped().timestampNs()));
    Aggregate cell = cell(window, site);
    cell.live(now);
    if (countsTime()) {
      cell.lifetimesNs().add(ended.lifetimeNs());
    }
  }

  /** A rule was broken; verdicts may come long after their event, so windows are not waited for. */
  public void violation(Violation violation) {
    long start = countsTime() ? window(violation.at().timestampNs()) * windowNs : 0;
    RuleCount count = ruleCount(violation, start);
    if (rules.size() >= RULE_COUNTS_MAX && !rules.containsKey(count)) {
      count = ruleCount(violation, rules.firstKey().windowStartNs());
    }
    rules.merge(count, 1L, Long::sum);
  }

  private RuleCount ruleCount(Violation violation, long windowStartNs) {
    return new RuleCount(
        windowStartNs,
        countsTime() ? windowNs : 0,
        violation.device(),
        violation.ruleId(),
        Names.of(violation.confidence()),
        0);
  }

  private void end() {
    if (newest == Long.MIN_VALUE) {
      return;
    }
    takeCensus();
    while (!open.isEmpty()) {
      close();
    }
  }

  /** How often each rule was broken, oldest window first; complete after the capture's end. */
  public List<RuleCount> ruleCounts() {
    return rules.entrySet().stream()
        .map(
            each -> {
              RuleCount key = each.getKey();
              return new RuleCount(
                  key.windowStartNs(),
                  key.windowNs(),
                  key.device(),
                  key.ruleId(),
                  key.confidence(),
                  each.getValue());
            })
        .toList();
  }

  private Aggregate cell(long window, Site site) {
    return open.computeIfAbsent(window, _ -> new HashMap<>())
        .computeIfAbsent(
            site,
            _ ->
                new Aggregate(
                    site,
                    drivers.getOrDefault(site.device(), ""),
                    countsTime() ? window * windowNs : 0,
                    countsTime() ? windowNs : 0,
                    live.getOrDefault(site, new Aggregate.Live())));
  }

  private Aggregate.Live liveOf(Site site) {
    return live.computeIfAbsent(site, _ -> new Aggregate.Live());
  }

  private Site device(String device) {
    return site(device, null, null);
  }

  private Site site(String device, DmaDirection direction) {
    return site(device, direction, null);
  }

  private Site site(String device, DmaDirection direction, MappingKind kind) {
    SiteKey key = new SiteKey(device, direction, kind);
    Site known = sites.get(key);
    if (known != null) {
      return known;
    }
    boolean full = sites.size() >= SITES_MAX;
    Site site =
        new Site(
            full ? Site.OTHERS : device,
            direction == null ? "" : Names.of(direction),
            kind == null ? "" : Names.of(kind));
    if (!full) {
      sites.put(key, site);
    }
    return site;
  }
}
