package io.dmascope.model.scatterlist;

import java.util.Arrays;

/**
 * A table that pages are appended to in batches, as RDMA pins user memory (lib/scatterlist.c
 * sg_alloc_append_table_from_pages()). Leading pages that continue the last entry lengthen it while
 * it keeps within the limit.
 */
public final class SgAppendTable {
  private static final long PAGE_SIZE = 4096;

  private final long maxSegmentBytes;
  private PhysList entries = new PhysList();

  /** An empty table; the limit is taken in whole pages and is at least one. */
  public SgAppendTable(long maxSegmentBytes) {
    this.maxSegmentBytes = maxSegmentBytes & -PAGE_SIZE;
    if (this.maxSegmentBytes < PAGE_SIZE) {
      throw new IllegalArgumentException("a segment holds at least a page: " + maxSegmentBytes);
    }
  }

  /**
   * Appends pages.
   *
   * @param offset of the first byte in the first page; 0 for every batch but the first
   * @param sizeBytes of the batch
   */
  public void append(long[] pageFrames, long offset, long sizeBytes) {
    if (offset != 0 && entries.size() > 0) {
      throw new IllegalArgumentException("only the first batch may begin within a page");
    }
    int taken = 0;
    long left = sizeBytes;
    if (entries.size() > 0) {
      int last = entries.size() - 1;
      long length = entries.length(last);
      long end = entries.physAddr(last) + length;
      while (taken < pageFrames.length
          && left > 0
          && pageFrames[taken] * PAGE_SIZE == end
          && length + PAGE_SIZE <= maxSegmentBytes) {
        long added = Math.min(PAGE_SIZE, left);
        length += added;
        end += added;
        left -= added;
        taken++;
      }
      entries = withLastLength(length);
    }
    if (taken < pageFrames.length && left > 0) {
      PagesToSg.forEachEntry(
          Arrays.copyOfRange(pageFrames, taken, pageFrames.length),
          offset,
          left,
          maxSegmentBytes,
          entries::add);
    }
  }

  /** The entries so far. */
  public PhysList entries() {
    return entries;
  }

  private PhysList withLastLength(long length) {
    PhysList changed = new PhysList();
    for (int i = 0; i < entries.size(); i++) {
      changed.add(entries.physAddr(i), i == entries.size() - 1 ? length : entries.length(i));
    }
    return changed;
  }
}
