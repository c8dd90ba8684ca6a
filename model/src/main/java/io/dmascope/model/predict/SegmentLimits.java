package io.dmascope.model.predict;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.scatterlist.PhysList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The segment limits of one device, as far as its recorded lists tell: every merge that was made
 * and every merge that was not is a constraint on {@code max_segment_size}, for each boundary mask
 * that explains where the entries lie.
 *
 * <p>Counted are the lists that each size explains, so that one odd list does not spoil the rest.
 */
final class SegmentLimits {
  private static final long U32_END = 1L << 32;
  private static final int SMALLEST_BOUNDARY_BITS = 12;
  private static final int CUTS_MAX = 65_536;

  /**
   * What was inferred.
   *
   * @param lists how many lists were looked at
   * @param explained how many of them the values explain
   * @param maxSegmentSize the smallest that explains most
   * @param maxSegmentSizeEnd the first larger value that explains fewer
   * @param smallestBoundaryMask the smallest mask that explains as many as the chosen one
   */
  record Inferred(
      long lists,
      long explained,
      long maxSegmentSize,
      long maxSegmentSizeEnd,
      long boundaryMask,
      long smallestBoundaryMask) {}

  /** Lists explained, as steps up and down over the candidate sizes. */
  private static final class Candidate {
    final long boundaryMask;
    final NavigableMap<Long, Long> steps = new TreeMap<>();

    Candidate(long boundaryMask) {
      this.boundaryMask = boundaryMask;
    }

    void explains(long from, long end) {
      if (from < end && steps.size() < CUTS_MAX) {
        steps.merge(from, 1L, Long::sum);
        steps.merge(end, -1L, Long::sum);
      }
    }
  }

  private final List<Candidate> candidates = new ArrayList<>();
  private long lists;
  private long longestInput = 1;

  SegmentLimits() {
    // The default comes first and is kept where others explain no more.
    candidates.add(new Candidate(DeviceParameters.PCI_SEGMENT_BOUNDARY_MASK));
    candidates.add(new Candidate(DeviceParameters.NO_SEGMENT_BOUNDARY_MASK));
    for (int bits = 31; bits >= SMALLEST_BOUNDARY_BITS; bits--) {
      candidates.add(new Candidate((1L << bits) - 1));
    }
  }

  /**
   * Takes in a list whose input is known, of a truncated one the first entries of it, and whose
   * output is recorded.
   */
  void observe(DmaMapSg event, PhysList input, long iova, long granule) {
    lists++;
    for (int i = 0; i < input.size(); i++) {
      longestInput = Math.max(longestInput, input.length(i));
    }
    for (Candidate candidate : candidates) {
      new Walk(event, input, iova, granule, candidate).run();
    }
  }

  boolean isEmpty() {
    return lists == 0;
  }

  Inferred infer() {
    Candidate best = null;
    long[] bestFit = null;
    long smallestMask = -1;
    for (Candidate candidate : candidates) {
      long[] fit = bestFit(candidate);
      if (best == null || fit[0] > bestFit[0]) {
        best = candidate;
        bestFit = fit;
        smallestMask = candidate.boundaryMask;
      } else if (fit[0] == bestFit[0]
          && Long.compareUnsigned(candidate.boundaryMask, smallestMask) < 0) {
        smallestMask = candidate.boundaryMask;
      }
    }
    return new Inferred(lists, bestFit[0], bestFit[1], bestFit[2], best.boundaryMask, smallestMask);
  }

  /** Returns {explained, size, end}: a size no input exceeds is preferred, then the smallest. */
  private long[] bestFit(Candidate candidate) {
    long[] best = {0, Math.max(1, longestInput), U32_END};
    long[] bestSmall = {0, 1, U32_END};
    long explained = 0;
    long from = 1;
    for (Map.Entry<Long, Long> step : candidate.steps.entrySet()) {
      consider(explained, from, step.getKey(), best, bestSmall);
      explained += step.getValue();
      from = Math.max(1, step.getKey());
    }
    consider(explained, from, U32_END, best, bestSmall);
    return bestSmall[0] > best[0] ? bestSmall : best;
  }

  private void consider(long explained, long from, long end, long[] best, long[] bestSmall) {
    long fitting = Math.max(from, longestInput);
    if (fitting < end && explained > best[0]) {
      best[0] = explained;
      best[1] = fitting;
      best[2] = end;
    } else if (from < end && explained > bestSmall[0]) {
      bestSmall[0] = explained;
      bestSmall[1] = from;
      bestSmall[2] = end;
    }
  }

  /** Follows __finalise_sg() along the recorded segments and collects what each step implies. */
  private static final class Walk {
    private final DmaMapSg event;
    private final PhysList input;
    private final long granule;
    private final Candidate candidate;
    private final long iova;
    private long from = 1;
    private long end = U32_END;
    private long first;
    private long current;
    // Sizes in here would have refused a merge that was made; disjoint, in no order.
    private final List<long[]> forbidden = new ArrayList<>();

    Walk(DmaMapSg event, PhysList input, long iova, long granule, Candidate candidate) {
      this.event = event;
      this.input = input;
      this.iova = iova;
      this.granule = granule;
      this.candidate = candidate;
    }

    void run() {
      if (follow()) {
        forbidden.sort((a, b) -> Long.compare(a[0], b[0]));
        long at = from;
        for (long[] range : forbidden) {
          candidate.explains(at, Math.min(end, range[0]));
          at = Math.max(at, range[1]);
        }
        candidate.explains(at, end);
      }
    }

    /** False where no size explains the list under this boundary. */
    private boolean follow() {
      long mask = candidate.boundaryMask;
      int segment = -1;
      long placed = 0;
      for (int i = 0; i < input.size(); i++) {
        long offset = input.physAddr(i) & (granule - 1);
        long length = input.length(i);
        long aligned = (length + offset + granule - 1) & -granule;
        long padding = padding(mask, placed, aligned);
        if (padding != 0) {
          close();
        }
        placed += padding;
        long addr = iova + placed;
        boolean mayAppend = current != 0 && offset == 0 && (addr & mask) != 0;
        if (startsSegment(segment + 1, addr + offset)) {
          if (mayAppend) {
            from = Math.max(from, current);
            end = Math.min(end, current + length);
          }
          close();
          segment++;
          first = length;
        } else if (!mayAppend) {
          return false;
        }
        current += length;
        placed += aligned;
        if (length + offset < aligned) {
          close();
        }
      }
      if (event.truncated()) {
        endTruncated(segment);
        return segment < event.dmaAddrs().size();
      }
      close();
      return segment + 1 == event.dmaAddrs().size();
    }

    /** The entries that were not traced reach to the end of the segment, which was. */
    private void endTruncated(int segment) {
      if (current != 0 && segment < event.lengths().size()) {
        current = Math.max(current, event.lengths().at(segment));
      }
      close();
    }

    private boolean startsSegment(int segment, long dmaAddr) {
      return segment < event.dmaAddrs().size() && event.dmaAddrs().at(segment) == dmaAddr;
    }

    /**
     * Nothing more is appended: the sizes from the first entry's up to the sum were not the limit.
     */
    private void close() {
      if (current > first) {
        forbidden.add(new long[] {first, current});
      }
      current = 0;
    }

    private static long padding(long mask, long placed, long aligned) {
      long toBoundary = (mask - placed + 1) & mask;
      return toBoundary != 0 && Long.compareUnsigned(toBoundary, aligned - 1) < 0 ? toBoundary : 0;
    }
  }
}
