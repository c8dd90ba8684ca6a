package io.dmascope.model.rule;

import io.dmascope.model.mapping.Tasks;
import java.util.List;

/** Questions about the page-table runs that a mapping made. */
final class Runs {
  private Runs() {}

  /** True where one of the runs translates the address. */
  static boolean cover(List<Tasks.Run> runs, long addr) {
    for (Tasks.Run run : runs) {
      if (Long.compareUnsigned(run.iova(), addr) <= 0
          && Long.compareUnsigned(addr, run.lastIova()) <= 0) {
        return true;
      }
    }
    return false;
  }

  /** Bytes of the block that the runs tile without a gap, in order; 0 where they do not. */
  static long blockBytes(List<Tasks.Run> runs) {
    long bytes = 0;
    long next = runs.isEmpty() ? 0 : runs.getFirst().iova();
    for (Tasks.Run run : runs) {
      if (run.iova() != next) {
        return 0;
      }
      next += run.sizeBytes();
      bytes += run.sizeBytes();
    }
    return bytes;
  }
}
