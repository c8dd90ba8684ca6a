package io.dmascope.model.predict;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.FlushQueue;
import io.dmascope.model.backend.IommuParameters;
import io.dmascope.model.backend.IommuParameters.AddressRange;
import io.dmascope.model.backend.IommuParameters.FlushPolicy;
import io.dmascope.model.backend.IovaSpace;
import io.dmascope.model.backend.Moment;
import io.dmascope.model.predict.IovaReport.Unknown;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The address allocators of a capture's domains, replayed alongside it to predict the very address
 * of each mapping. Where the prediction fails the allocator is put right with the recorded address
 * and the replay goes on.
 *
 * <p>A domain that was seen from its beginning is known whole: caches and tree. Of another one only
 * that is known which was freed since: a CPU's newest freed address of a size class comes back
 * first. What a cold cache or a tree of unknown contents hands out is not predicted.
 *
 * <p>In a lazy domain addresses come free when a flush has ended, all of them on the CPU that
 * flushed. No event that we read tells of it: a flush is assumed when an address comes back that
 * was queued, and until then none.
 *
 * <p>Addresses are taken before the first {@code iommu:map} and given back after {@code
 * iommu:unmap}, but a device's name comes with the {@code dma_*} event, perhaps thousands of events
 * later or earlier. So steps wait in the order of the allocator's own work, for as long as an
 * earlier one may still come.
 */
final class IovaReplay {
  /** Events that a step waits for earlier ones. */
  private static final int WINDOW_EVENTS = 8192;

  /** Smaller holes are more likely left by a call that was not traced in its place. */
  private static final long WINDOW_BYTES_MIN = 1 << 20;

  /** Doorbells of a domain: one a page of message interrupts, of which machines have a few. */
  private static final int LONE_MAX = 16;

  private static final int CACHED_MAX = 32;

  private static final long BELOW_4G = 0xffffffffL;

  private record Step(
      long sequence, Moment moment, String device, long iova, long sizeBytes, boolean takes) {}

  private static final class Domain {
    final IovaSpace space;
    final FlushQueue queue;
    final boolean lazy;
    boolean wholeSeen;
    int lone;
    Unknown why = Unknown.BEGAN_LATER;

    Domain(IommuParameters parameters, int cpus, boolean wholeSeen) {
      this.space = new IovaSpace(parameters, cpus);
      this.queue = FlushQueue.untimed(parameters.flushPolicy(), cpus, space::free);
      this.lazy = parameters.flushPolicy() != FlushPolicy.STRICT;
      this.wholeSeen = wholeSeen;
      if (!wholeSeen) {
        space.forgetCached();
      }
    }
  }

  private final CaptureParameters parameters;
  private final long granule;
  private final FlushPolicy policy;
  private final int cpus;
  private final Map<String, Integer> groups;
  private final Set<String> seenWhole = new HashSet<>();
  private final Map<String, Domain> domains = new HashMap<>();
  private final Set<String> above4G = new HashSet<>();
  private final PriorityQueue<Step> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Step::sequence));
  private final List<AddressRange> windows = new ArrayList<>();
  private final SortedMap<Unknown, Long> unknown = new TreeMap<>();
  private final UnclaimedRuns unclaimed;
  private final Set<Long> placed = new HashSet<>();
  private final List<IovaReport.Miss> misses = new ArrayList<>();
  private long exact;
  private long different;

  IovaReplay(CaptureParameters parameters, FlushPolicy policy, UnclaimedRuns unclaimed) {
    this.unclaimed = unclaimed;
    this.parameters = parameters;
    this.granule = parameters.granule();
    this.policy = policy;
    this.cpus = Math.max(1, parameters.cpus());
    this.groups = new HashMap<>(parameters.groups());
  }

  /** A device came to a group, which had no mappings before: it is seen whole. */
  void joins(String device, int group) {
    groups.put(device, group);
    seenWhole.add(name(group));
  }

  private static String name(int group) {
    return "group " + group;
  }

  /** A mapping of the device was given this block. */
  void take(long sequence, Moment moment, String device, long iova, long sizeBytes) {
    waiting.add(new Step(sequence, moment, device, iova, sizeBytes, true));
    catchUp(sequence - WINDOW_EVENTS);
  }

  /** The device's block was unmapped. */
  void give(long sequence, Moment moment, String device, long iova, long sizeBytes) {
    waiting.add(new Step(sequence, moment, device, iova, sizeBytes, false));
    catchUp(sequence - WINDOW_EVENTS);
  }

  /** Events were lost: what happened to the allocators is not known any more. */
  void lost() {
    catchUp(Long.MAX_VALUE);
    for (Domain domain : domains.values()) {
      domain.wholeSeen = false;
      domain.why = Unknown.EVENTS_LOST;
      domain.space.forgetCached();
      domain.queue.forget();
    }
    seenWhole.clear();
  }

  IovaReport report() {
    catchUp(Long.MAX_VALUE);
    return new IovaReport(policy, exact, different, unknown, windows, misses);
  }

  private void catchUp(long sequence) {
    while (!waiting.isEmpty() && waiting.peek().sequence() <= sequence) {
      Step step = waiting.remove();
      Domain domain = domain(step.device());
      if (step.takes()) {
        taken(domain, step);
      } else if (domain.lazy) {
        domain.queue.queue(step.iova(), step.sizeBytes(), step.moment());
      } else {
        domain.space.free(step.iova(), step.sizeBytes(), step.moment());
      }
    }
  }

  private void taken(Domain domain, Step step) {
    long limit = limit(step);
    long size = step.sizeBytes();
    OptionalLong cached = domain.space.allocateCached(size, limit, step.moment());
    if (cached.isPresent() && cached.getAsLong() == step.iova()) {
      exact++;
      return;
    }
    OptionalLong fresh =
        cached.isEmpty() && domain.wholeSeen ? fresh(domain, step, limit) : OptionalLong.empty();
    if (fresh.isPresent() && fresh.getAsLong() == step.iova()) {
      exact++;
      return;
    }
    if (cached.isPresent()) {
      if (domain.lazy || domain.wholeSeen) {
        domain.space.putBackCached(cached.getAsLong(), size, step.moment());
      } else {
        // A magazine was full earlier than ours and the other one had frames from before: nobody
        // knows how many lie on what we know.
        domain.space.forgetCached(size, step.moment());
      }
    }
    fresh.ifPresent(domain.space::putBackFresh);
    boolean flushed = domain.queue.observeFree(step.iova(), step.moment());
    if (flushed || (domain.lazy && (cached.isPresent() || domain.wholeSeen))) {
      unknown.merge(Unknown.FLUSH_NOT_TRACED, 1L, Long::sum);
    } else if (cached.isPresent() || domain.wholeSeen) {
      different++;
      long predicted = cached.isPresent() ? cached.getAsLong() : fresh.getAsLong();
      miss(step, predicted, cause(step, cached, fresh));
    } else {
      unknown.merge(domain.why, 1L, Long::sum);
    }
    if (fresh.isPresent() && !flushed) {
      learnWindow(step.iova(), fresh.getAsLong(), size);
    }
    domain.space.claim(step.iova(), size, step.moment());
  }

  /**
   * The block that the allocator's tree has next. Where that is one that the page table was filled
   * for without a {@code dma_*} event, as for an interrupt's doorbell, it is taken and the next
   * asked for.
   */
  private OptionalLong fresh(Domain domain, Step step, long limit) {
    OptionalLong next = domain.space.allocateFresh(step.sizeBytes(), limit, false);
    while (next.isPresent() && next.getAsLong() != step.iova()) {
      OptionalLong taken = takenWithoutEvent(domain, step, next.getAsLong());
      if (taken.isEmpty()) {
        return next;
      }
      domain.lone++;
      domain.space.putBackFresh(next.getAsLong());
      domain.space.claim(taken.getAsLong(), granule, step.moment());
      next = domain.space.allocateFresh(step.sizeBytes(), limit, false);
    }
    return next;
  }

  /** The highest granule of the block that was next of which an unclaimed run tells. */
  private OptionalLong takenWithoutEvent(Domain domain, Step step, long next) {
    long granules = step.sizeBytes() / granule;
    // What is cached is rounded up to a power of two (drivers/iommu/iova.c alloc_iova_fast()).
    long reserved = granules < CACHED_MAX ? Long.highestOneBit(2 * granules - 1) : granules;
    long first = next + Math.max(0, reserved - CACHED_MAX) * granule;
    for (long iova = next + (reserved - 1) * granule;
        domain.lone < LONE_MAX && iova - first >= 0;
        iova -= granule) {
      OptionalLong made = unclaimed.before(step.sequence(), iova, granule, placed);
      if (made.isPresent()) {
        placed.add(made.getAsLong());
        return OptionalLong.of(iova);
      }
    }
    return OptionalLong.empty();
  }

  private void miss(Step step, long predicted, IovaReport.Cause cause) {
    if (misses.size() < IovaReport.MISSES_MAX) {
      misses.add(
          new IovaReport.Miss(step.sequence(), step.device(), predicted, step.iova(), cause));
    }
  }

  /** What explains a wrong address, as far as the recording shows it. */
  private IovaReport.Cause cause(Step step, OptionalLong cached, OptionalLong fresh) {
    boolean window =
        fresh.isPresent()
            && Long.compareUnsigned(step.iova(), fresh.getAsLong()) < 0
            && Long.compareUnsigned(fresh.getAsLong() - step.iova(), WINDOW_BYTES_MIN) >= 0;
    if (window) {
      return IovaReport.Cause.WINDOW_NOT_RECORDED;
    }
    return cached.isPresent() ? IovaReport.Cause.CACHE_CHANGED : IovaReport.Cause.TREE_CHANGED;
  }

  /**
   * A fresh block that lies much lower than it could: what is between is set aside, as the windows
   * of host bridges are, in every domain. Of its ends that is taken which is certain.
   */
  private void learnWindow(long recorded, long possible, long sizeBytes) {
    long alignment = Long.highestOneBit(sizeBytes - 1) << 1;
    long first = recorded + Math.max(alignment, sizeBytes) + sizeBytes - parameters.granule();
    // A block that ends at a power of two is more likely the first of a device with such a mask.
    boolean belowMask = Long.bitCount(recorded + sizeBytes) == 1;
    if (!belowMask
        && Long.compareUnsigned(recorded, possible) < 0
        && Long.compareUnsigned(possible - recorded, WINDOW_BYTES_MIN) >= 0
        && Long.compareUnsigned(first, possible) < 0) {
      windows.add(new AddressRange(first, possible + parameters.granule() - 1));
      domains.values().forEach(domain -> domain.space.reserve(first, possible));
    }
  }

  /** PCI devices are given addresses below 4 GiB until there are none. */
  private long limit(Step step) {
    DeviceFacts facts = parameters.device(step.device());
    DeviceParameters device =
        facts == null ? DeviceParameters.pci(step.device()) : facts.parameters();
    if (Long.compareUnsigned(step.iova(), BELOW_4G) > 0) {
      above4G.add(step.device());
    }
    boolean below = device.pci() && !above4G.contains(step.device());
    return below && Long.compareUnsigned(device.addressLimit(), BELOW_4G) > 0
        ? BELOW_4G
        : device.addressLimit();
  }

  private Domain domain(String device) {
    Integer group = groups.get(device);
    String name = group == null ? device : name(group);
    return domains.computeIfAbsent(
        name,
        _ -> {
          IommuParameters iommu = parameters.iommu(device, policy);
          Domain domain = new Domain(iommu, cpus, seenWhole.contains(name));
          windows.forEach(window -> domain.space.reserve(window.first(), window.last()));
          return domain;
        });
  }
}
