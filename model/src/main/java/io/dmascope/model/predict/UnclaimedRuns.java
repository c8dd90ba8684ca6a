package io.dmascope.model.predict;

import io.dmascope.model.event.IommuMap;
import java.util.LinkedHashMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Page-table runs that no {@code dma_*} event has taken. What makes one without an event takes its
 * address from the allocator of the DMA API all the same: the page of a message interrupt's
 * doorbell, one for each domain (drivers/iommu/dma-iommu.c iommu_dma_get_msi_page()), and the
 * two-step interface.
 */
final class UnclaimedRuns {
  private static final int REMEMBERED_MAX = 65_536;

  private record Key(long iova, long sequence) {}

  private final LinkedHashMap<Key, Long> sizes = new LinkedHashMap<>();
  private final LinkedHashMap<Long, Set<Long>> sequences = new LinkedHashMap<>();

  void add(IommuMap run) {
    sizes.put(new Key(run.iova(), run.header().sequence()), run.sizeBytes());
    sequences.computeIfAbsent(run.iova(), _ -> new TreeSet<>()).add(run.header().sequence());
    if (sizes.size() > REMEMBERED_MAX) {
      Key oldest = sizes.firstEntry().getKey();
      claim(oldest.iova(), oldest.sequence());
    }
  }

  void claim(long iova, long sequence) {
    if (sizes.remove(new Key(iova, sequence)) != null) {
      Set<Long> there = sequences.get(iova);
      there.remove(sequence);
      if (there.isEmpty()) {
        sequences.remove(iova);
      }
    }
  }

  /** The sequence of the oldest run of that size at that address before an event. */
  OptionalLong before(long sequence, long iova, long sizeBytes, Set<Long> except) {
    return sequences.getOrDefault(iova, Set.of()).stream()
        .mapToLong(Long::longValue)
        .filter(made -> made < sequence && !except.contains(made))
        .filter(made -> sizes.get(new Key(iova, made)) == sizeBytes)
        .findFirst();
  }

  void clear() {
    sizes.clear();
    sequences.clear();
  }
}
