package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.PageTableRun;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one IOMMU domain translates at a moment: needed to know what a wrong unmap removes. Kept
 * only on machines where drivers are made to misbehave.
 */
final class PageTables {
  private final TreeMap<Long, PageTableRun> runs = new TreeMap<>(Long::compareUnsigned);

  /** Sets entries; what stood there is overwritten, as the hardware's tables are. */
  void map(PageTableRun run) {
    unmap(run.iova(), run.sizeBytes());
    runs.put(run.iova(), run);
  }

  /** iommu_iova_to_phys(): true where the byte is translated. */
  boolean translates(long iova) {
    Map.Entry<Long, PageTableRun> entry = runs.floorEntry(iova);
    return entry != null && Long.compareUnsigned(iova - entry.getKey(), size(entry)) < 0;
  }

  /** Clears a range and returns how many bytes of it were translated. */
  long unmap(long iova, long sizeBytes) {
    long end = iova + sizeBytes;
    long unmapped = 0;
    Map.Entry<Long, PageTableRun> entry = runs.floorEntry(iova);
    if (entry == null || entry.getKey() + size(entry) - iova <= 0) {
      entry = runs.higherEntry(iova);
    }
    while (entry != null && Long.compareUnsigned(entry.getKey(), end) < 0) {
      PageTableRun run = entry.getValue();
      runs.remove(run.iova());
      long runEnd = run.iova() + run.sizeBytes();
      if (Long.compareUnsigned(run.iova(), iova) < 0) {
        put(run, run.iova(), iova);
      }
      if (Long.compareUnsigned(runEnd, end) > 0) {
        put(run, end, runEnd);
      }
      long from = Long.compareUnsigned(run.iova(), iova) < 0 ? iova : run.iova();
      long to = Long.compareUnsigned(runEnd, end) > 0 ? end : runEnd;
      unmapped += to - from;
      entry = runs.higherEntry(from);
    }
    return unmapped;
  }

  private void put(PageTableRun run, long from, long to) {
    runs.put(from, new PageTableRun(from, run.physAddr() + (from - run.iova()), to - from));
  }

  private static long size(Map.Entry<Long, PageTableRun> entry) {
    return entry.getValue().sizeBytes();
  }
}
