package io.dmascope.model.scatterlist;

import java.util.Optional;

/**
 * {@code sg_alloc_table_from_pages_segment()}: an array of pages becomes as few entries as their
 * physical order allows (lib/scatterlist.c).
 */
public final class PagesToSg {
  static final long PAGE_SIZE = 4096;

  /** The default limit, {@code UINT_MAX}. */
  public static final long UNLIMITED = 0xffffffffL;

  /** Receives the entries in order. */
  @FunctionalInterface
  public interface Sink {
    void add(long physAddr, long lengthBytes);
  }

  private PagesToSg() {}

  /**
   * Builds the entries; empty where {@code maxSegmentBytes} is less than a page, which the kernel
   * answers with {@code -EINVAL}.
   *
   * @param pageFrames frame numbers, in the caller's order
   * @param offset of the first byte in the first page
   * @param sizeBytes all bytes, an unsigned number; whole entries beyond it are full of bytes that
   *     nobody asked for, as in the kernel
   * @param maxSegmentBytes the limit is applied in whole pages, before the offset is taken off
   */
  public static Optional<PhysList> build(
      long[] pageFrames, long offset, long sizeBytes, long maxSegmentBytes) {
    PhysList entries = new PhysList();
    return forEachEntry(pageFrames, offset, sizeBytes, maxSegmentBytes, entries::add)
        ? Optional.of(entries)
        : Optional.empty();
  }

  /** Hands the entries that {@link #build} collects to a sink; false where it would be empty. */
  public static boolean forEachEntry(
      long[] pageFrames, long offset, long sizeBytes, long maxSegmentBytes, Sink sink) {
    long segmentPages = maxSegmentBytes / PAGE_SIZE;
    if (segmentPages == 0) {
      return false;
    }
    long left = sizeBytes;
    long skip = offset;
    int page = 0;
    while (page < pageFrames.length) {
      int end = endOfChunk(pageFrames, page, segmentPages);
      long room = (end - page) * PAGE_SIZE - skip;
      sink.add(pageFrames[page] * PAGE_SIZE + skip, minUnsigned(left, room));
      // Pages beyond the size make it wrap below zero, and are then taken whole.
      left -= room;
      skip = 0;
      page = end;
    }
    return true;
  }

  private static long minUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }

  private static int endOfChunk(long[] pageFrames, int first, long pagesMax) {
    int end = first + 1;
    while (end < pageFrames.length
        && end - first < pagesMax
        && pageFrames[end] == pageFrames[end - 1] + 1) {
      end++;
    }
    return end;
  }
}
