package io.dmascope.model.backend;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * The per-CPU caches of freed addresses of one size class: two magazines a CPU and a depot of full
 * ones (drivers/iommu/iova.c {@code struct iova_rcache}).
 */
final class IovaCache {
  /** {@code IOVA_DEPOT_DELAY}: how often a depot with more magazines than CPUs gives one back. */
  static final long DEPOT_DELAY_NS = 100_000_000;

  private static final class PerCpu {
    IovaMagazine loaded = new IovaMagazine();
    IovaMagazine previous = new IovaMagazine();

    boolean remove(long pfn) {
      return loaded.remove(pfn) || previous.remove(pfn);
    }

    void swap() {
      IovaMagazine swapped = loaded;
      loaded = previous;
      previous = swapped;
    }
  }

  private final List<PerCpu> perCpu = new ArrayList<>();
  private final Deque<IovaMagazine> depot = new ArrayDeque<>();
  private final LongConsumer freeToTree;
  private long trimAtNs = Long.MAX_VALUE;
  private boolean partlyKnown;

  IovaCache(int cpus, LongConsumer freeToTree) {
    for (int i = 0; i < cpus; i++) {
      perCpu.add(new PerCpu());
    }
    this.freeToTree = freeToTree;
  }

  /** Returns a cached frame at or below the limit, or {@link IovaMagazine#NONE}. */
  long get(long limitPfn, Moment moment) {
    PerCpu cpu = at(moment);
    if (cpu.loaded.isEmpty()) {
      if (!cpu.previous.isEmpty()) {
        cpu.swap();
      } else if (!depot.isEmpty()) {
        cpu.loaded = depot.pop();
      }
    }
    return cpu.loaded.pop(limitPfn);
  }

  void put(long pfn, Moment moment) {
    PerCpu cpu = at(moment);
    if (cpu.loaded.isFull()) {
      if (!cpu.previous.isFull()) {
        cpu.swap();
      } else if (partlyKnown) {
        cpu.loaded = new IovaMagazine();
        cpu.previous = new IovaMagazine();
      } else {
        depot.push(cpu.loaded);
        cpu.loaded = new IovaMagazine();
        trimAtNs = Math.min(trimAtNs, moment.timestampNs() + DEPOT_DELAY_NS);
      }
    }
    cpu.loaded.push(pfn);
  }

  /** Undoes the {@link #get} that has just returned the frame. */
  void putBack(long pfn, Moment moment) {
    at(moment).loaded.push(pfn);
  }

  /** Takes that very frame out, wherever it is cached; false where it is not. */
  boolean remove(long pfn, Moment moment) {
    PerCpu own = at(moment);
    return own.remove(pfn)
        || perCpu.stream().anyMatch(other -> other != own && other.remove(pfn))
        || depot.stream().anyMatch(magazine -> magazine.remove(pfn));
  }

  /**
   * Forgets every frame without giving any back. The kernel's magazines still hold frames under
   * those that come now, how many is not known: so they fill up earlier than these, and a CPU whose
   * own are used up here has others there before it goes to the depot. What is said of the depot
   * from now on would be a guess, and nothing is.
   */
  void forget() {
    partlyKnown = true;
    for (PerCpu cpu : perCpu) {
      cpu.loaded = new IovaMagazine();
      cpu.previous = new IovaMagazine();
    }
    depot.clear();
  }

  /** Forgets the frames of that CPU: others are on top of them. */
  void forgetOwn(Moment moment) {
    PerCpu own = at(moment);
    own.loaded = new IovaMagazine();
    own.previous = new IovaMagazine();
  }

  /**
   * The delayed work: while the depot holds more magazines than CPUs, one goes back to the tree.
   */
  void trim(long nowNs) {
    while (nowNs >= trimAtNs) {
      boolean trims = depot.size() > perCpu.size();
      if (trims) {
        depot.pop().drainTo(freeToTree);
      }
      trimAtNs = trims ? trimAtNs + DEPOT_DELAY_NS : Long.MAX_VALUE;
    }
  }

  /** Empties everything into the tree, as a failing allocation does before it tries once more. */
  void drain() {
    for (PerCpu cpu : perCpu) {
      cpu.loaded.drainTo(freeToTree);
      cpu.previous.drainTo(freeToTree);
    }
    while (!depot.isEmpty()) {
      depot.pop().drainTo(freeToTree);
    }
  }

  private PerCpu at(Moment moment) {
    return perCpu.get(Math.floorMod(moment.cpu(), perCpu.size()));
  }
}
