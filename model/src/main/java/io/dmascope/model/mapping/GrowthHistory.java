package io.dmascope.model.mapping;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.mapping.LiveCensus.Site;
import io.dmascope.model.mapping.LiveCensus.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the live set of every site grew: a census at the end of each window of event time. Where the
 * samples have become too many, every other one goes and the windows are twice as long, so that
 * there is always between half and all of {@link #SAMPLES_MAX}, and an event costs a comparison.
 */
public final class GrowthHistory {
  static final int SAMPLES_MAX = 32;
  static final long FIRST_WINDOW_NS = 100_000_000L;

  /** More sites than drivers have; what a strange capture has beyond them is not judged. */
  private static final int SITES_MAX = 512;

  /**
   * Longer lists may have an unmap that did not fit into a trace event (SUP-SIZE): 4072 bytes hold
   * some 500 addresses.
   */
  private static final int NENTS_MAX = 450;

  /** Of ten mappings nine are unmapped: the driver does not leave its unmaps out. */
  private static final long UNMAPPED_TENTHS_MIN = 9;

  private record Sample(long timestampNs, Map<Site, Long> live) {}

  private final List<Sample> samples = new ArrayList<>();
  private long windowNs = FIRST_WINDOW_NS;
  private long nextNs = Long.MIN_VALUE;

  /** A site that grows and grows. */
  public record GrowingSite(
      Site site, long live, long grewBy, int samples, long spanNs, EventRef oldest) {}

  boolean due(long timestampNs) {
    return timestampNs >= nextNs;
  }

  /** Takes the census that is due. */
  void sample(CaptureState state) {
    long now = state.now();
    if (state.losses().any()) {
      nextNs = Long.MAX_VALUE; // What is missing cannot be told from what leaked, ever after.
      samples.clear();
      return;
    }
    if (samples.size() == SAMPLES_MAX) {
      thin();
    }
    nextNs = now > Long.MAX_VALUE - windowNs ? Long.MAX_VALUE : now + windowNs;
    Map<Site, Long> live = new TreeMap<>();
    LiveCensus.count(state.mappings(), GrowthHistory::counts)
        .forEach(
            (site, tally) -> {
              if (live.size() < SITES_MAX) {
                live.put(site, tally.count());
              }
            });
    samples.add(new Sample(now, live));
  }

  private void thin() {
    for (int i = 0; i < SAMPLES_MAX / 2; i++) {
      samples.set(i, samples.get(2 * i + 1));
    }
    samples.subList(SAMPLES_MAX / 2, SAMPLES_MAX).clear();
    windowNs *= 2;
  }

  /** True where the capture was long enough, and whole enough, for a verdict on growth. */
  public boolean judges() {
    return samples.size() - samples.size() / 4 >= Trend.SAMPLES_MIN;
  }

  /** The sites that have grown all the time, by the criteria of {@link Trend}. */
  List<GrowingSite> growing(CaptureState state) {
    if (!judges()) {
      return List.of();
    }
    // The first quarter is warm-up: rings are filled, pools made, drivers loaded.
    List<Sample> judged = samples.subList(samples.size() / 4, samples.size());
    long[] quarters = new long[4];
    for (int i = 0; i < quarters.length; i++) {
      quarters[i] = judged.get(i * judged.size() / quarters.length).timestampNs;
    }
    Map<Site, Tally> now = LiveCensus.count(state.mappings(), GrowthHistory::counts, quarters);
    List<GrowingSite> growing = new ArrayList<>();
    now.forEach(
        (site, tally) -> {
          long[] series = new long[judged.size()];
          Arrays.setAll(series, i -> judged.get(i).live.getOrDefault(site, 0L));
          if (owesUnmaps(site, state) && Trend.isLeak(series, tally.births(), now.size())) {
            growing.add(
                new GrowingSite(
                    site,
                    tally.count(),
                    series[series.length - 1] - series[0],
                    series.length,
                    judged.getLast().timestampNs - judged.getFirst().timestampNs,
                    tally.oldest()));
          }
        });
    return growing;
  }

  /** What a leak would add to, one by one. */
  private static boolean counts(MappedObject object) {
    return object.nents() <= NENTS_MAX && !object.torn() && !isOfPagePool(object.attrs());
  }

  // net/core/page_pool.c page_pool_dma_map() keeps pages mapped as long as the pool has them
  private static boolean isOfPagePool(long attrs) {
    long pool = DmaAttrs.SKIP_CPU_SYNC | DmaAttrs.WEAK_ORDERING;
    return (attrs & pool) == pool;
  }

  private static boolean owesUnmaps(Site site, CaptureState state) {
    Device device = state.devices().at(site.device());
    return switch (site.kind()) {
      case SINGLE, RESOURCE, SCATTER_GATHER -> owesUnmaps(device, site.translation());
      case COHERENT, NONCOHERENT, NONCONTIGUOUS -> device.forgotten() == 0;
    };
  }

  /**
   * False where a driver may leave unmaps out, as {@code dma_need_unmap()} allows for direct
   * mapping, and seems to (SUP-ELIDE).
   */
  static boolean owesUnmaps(Device device, MappedObject.Translation translation) {
    if (device.forgotten() > 0 || device.crowd()) {
      return false;
    }
    return switch (translation) {
      case IOMMU, BOUNCED -> true;
      // Unmaps may be left out until the first bounce, which takes that back for good.
      case DIRECT, UNKNOWN ->
          device.bounces == 0 && device.unmaps * 10 >= device.maps * UNMAPPED_TENTHS_MIN;
    };
  }

  void save(StateWriter out) {
    out.u(windowNs).s(nextNs).u(samples.size());
    for (Sample sample : samples) {
      out.s(sample.timestampNs).u(sample.live.size());
      sample.live.forEach(
          (site, live) ->
              out.u(site.device())
                  .u(site.kind().ordinal())
                  .u(site.direction().ordinal())
                  .u(site.translation().ordinal())
                  .u(site.sizeClass())
                  .u(live));
    }
  }

  void restore(StateReader in) {
    windowNs = in.u();
    nextNs = in.s();
    for (int n = in.i(); n > 0; n--) {
      long timestampNs = in.s();
      Map<Site, Long> live = new TreeMap<>();
      for (int sites = in.i(); sites > 0; sites--) {
        Site site =
            new Site(
                in.i(),
                MappingKind.values()[in.i()],
                DmaDirection.values()[in.i()],
                MappedObject.Translation.values()[in.i()],
                in.u());
        live.put(site, in.u());
      }
      samples.add(new Sample(timestampNs, live));
    }
  }
}
