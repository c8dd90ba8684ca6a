package io.dmascope.model.predict;

import io.dmascope.model.backend.SwiotlbPool;
import io.dmascope.model.predict.DeviceFacts.Origin;
import io.dmascope.model.rig.RigManifest;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the bounce pool lies and how large it is, as far as a capture tells. Every CPU begins with
 * the first slot of its own area, so that the CPUs' first buffers tell the distance of areas, too.
 *
 * <p>The pool is 64 MiB unless the kernel was told otherwise; arm64 takes a thousandth of the
 * memory where that is less (arch/arm64/mm/init.c), rounded up to a power of two.
 */
final class PoolSurvey {
  private static final long PAGE_BYTES = 4096;

  /** 16 GiB: more would be an error of ours, and our memory. */
  private static final int SLOTS_MAX = 1 << 23;

  private record Guess(long startAddr, int cpus) {}

  private final SortedMap<Integer, Long> firstOfCpu = new TreeMap<>();
  private long startAddr = Long.MAX_VALUE;
  private long endAddr;

  /** A buffer was put into the pool. */
  void bounced(int cpu, long slotAddr, long sizeBytes) {
    firstOfCpu.putIfAbsent(cpu, slotAddr);
    startAddr = Math.min(startAddr, slotAddr);
    endAddr = Math.max(endAddr, slotAddr + sizeBytes);
  }

  /** The manifest's pool, or what the buffers tell; empty where there were none. */
  Optional<CaptureParameters.Pool> pool(RigManifest manifest, int cpus) {
    if (manifest.swiotlb().isPresent() && manifest.swiotlb().get().startAddr().isPresent()) {
      io.dmascope.model.rig.SwiotlbPool known = manifest.swiotlb().get();
      long slots = known.slots().orElse(SwiotlbPool.DEFAULT_SLOTS);
      return Optional.of(
          new CaptureParameters.Pool(
              known.startAddr().getAsLong(),
              Math.toIntExact(slots),
              Origin.GIVEN,
              known.slots().isPresent() ? Origin.GIVEN : Origin.DEFAULT));
    }
    return firstOfCpu.isEmpty() ? Optional.empty() : Optional.of(inferred(cpus));
  }

  /** The usual size unless another one brings more CPUs' first buffers under one start. */
  private CaptureParameters.Pool inferred(int cpus) {
    int slots = SwiotlbPool.DEFAULT_SLOTS;
    Guess best = guess(slots, cpus);
    for (int other = SwiotlbPool.SLOTS_MAX; other <= SLOTS_MAX; other *= 2) {
      Guess guess = guess(other, cpus);
      if (guess.cpus() > best.cpus() && guess.cpus() > 1) {
        best = guess;
        slots = other;
      }
    }
    Origin size = best.cpus() > 1 ? Origin.INFERRED : Origin.DEFAULT;
    while ((long) slots * SwiotlbPool.SLOT_BYTES < endAddr - best.startAddr()
        && slots < SLOTS_MAX) {
      slots *= 2;
    }
    return new CaptureParameters.Pool(best.startAddr(), slots, Origin.INFERRED, size);
  }

  /** Where most CPUs' first buffers say that a pool of that size begins, if that holds all. */
  private Guess guess(int slots, int cpus) {
    int areas = SwiotlbPool.areas(slots, cpus);
    long poolBytes = (long) slots * SwiotlbPool.SLOT_BYTES;
    SortedMap<Long, Integer> votes = new TreeMap<>();
    firstOfCpu.forEach(
        (cpu, addr) -> {
          long area = Math.max(0, cpu) & (areas - 1);
          long start = (addr - area * (poolBytes / areas)) & -PAGE_BYTES;
          if (start >= 0 && start <= startAddr && endAddr - start <= poolBytes) {
            votes.merge(start, 1, Integer::sum);
          }
        });
    return votes.entrySet().stream()
        .max(Map.Entry.<Long, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(vote -> new Guess(vote.getKey(), vote.getValue()))
        .orElse(new Guess(startAddr & -PAGE_BYTES, 0));
  }
}
