package io.dmascope.model.consumer;

import io.dmascope.model.scatterlist.PhysList;

/**
 * How the block layer merges a request's pages into segments before they are mapped
 * (block/blk-merge.c): neighbours in memory become one while it stays within the queue's limits.
 *
 * @param maxSegmentSize bytes of a segment, at least 1
 * @param segmentBoundaryMask no segment crosses a multiple of mask + 1
 * @param virtBoundaryMask where not 0, a gap inside a request is not allowed
 */
public record BlockSegments(long maxSegmentSize, long segmentBoundaryMask, long virtBoundaryMask) {

  /** Limits of a queue whose driver set none. */
  public static final BlockSegments DEFAULT = new BlockSegments(0x10000, 0xffffffffL, 0);

  public BlockSegments {
    if (maxSegmentSize < 1) {
      throw new IllegalArgumentException("a segment holds at least a byte: " + maxSegmentSize);
    }
  }

  /** The segments of a request. */
  public PhysList merge(PhysList vectors) {
    PhysList segments = new PhysList();
    long start = 0;
    long length = 0;
    for (int i = 0; i < vectors.size(); i++) {
      long at = vectors.physAddr(i);
      long left = vectors.length(i);
      while (left > 0) {
        if (length == 0 || at != start + length || room(start, length) == 0) {
          if (length != 0) {
            segments.add(start, length);
          }
          start = at;
          length = 0;
        }
        long taken = Math.min(left, room(start, length));
        length += taken;
        at += taken;
        left -= taken;
      }
    }
    return length == 0 ? segments : segments.add(start, length);
  }

  /**
   * True where the request may not be made: a vector ends or begins within the virtual boundary.
   */
  public boolean hasGap(PhysList vectors) {
    for (int i = 1; i < vectors.size(); i++) {
      long end = vectors.physAddr(i - 1) + vectors.length(i - 1);
      if (((end | vectors.physAddr(i)) & virtBoundaryMask) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Bytes that a segment at {@code start} can still take; 0 where it is full. */
  private long room(long start, long length) {
    long byBoundary = (segmentBoundaryMask & ~start) + 1 - length;
    long bySize = maxSegmentSize - length;
    // Without a boundary the sum wraps to 0 minus what is taken: only the size limits.
    return segmentBoundaryMask == -1L ? bySize : Math.max(0, Math.min(byBoundary, bySize));
  }
}
