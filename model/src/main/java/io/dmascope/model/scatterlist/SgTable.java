package io.dmascope.model.scatterlist;

import io.dmascope.model.event.U64List;
import java.util.BitSet;
import java.util.List;

/**
 * A {@code struct sg_table}: a list with two counts. {@code orig_nents} counts the memory's entries
 * and {@code nents} the addresses'; unmap and sync take the first, the device the second.
 */
public final class SgTable {
  private static final long PAGE_SIZE = 4096;

  private final Scatterlist list;
  private final int origNents;
  private int nents;
  private boolean mapped;

  private SgTable(Scatterlist list, int origNents) {
    this.list = list;
    this.origNents = origNents;
    this.nents = origNents;
  }

  /** A table of that memory, not mapped yet. */
  public static SgTable of(SgLayout layout, PhysList input) {
    return new SgTable(Scatterlist.of(layout, input), input.size());
  }

  public Scatterlist list() {
    return list;
  }

  /** CPU-side entries. */
  public int origNents() {
    return origNents;
  }

  /** DMA-side entries; equals {@link #origNents} before the table is mapped. */
  public int nents() {
    return nents;
  }

  /**
   * {@code dma_map_sgtable()}: takes over what a backend returned for this table's memory.
   *
   * @param busAddresses entries that are PCI bus addresses
   * @param bounced whether every entry went through swiotlb
   * @throws IllegalStateException if the table is mapped; a second mapping would lose the first
   */
  public void map(U64List dmaAddrs, U64List lengths, BitSet busAddresses, boolean bounced) {
    if (mapped) {
      throw new IllegalStateException("the table is mapped already");
    }
    list.setDma(dmaAddrs, lengths, busAddresses, bounced);
    nents = dmaAddrs.size();
    mapped = true;
  }

  /** {@code dma_unmap_sgtable()}; the count of DMA entries stays as it was. */
  public void unmap() {
    if (!mapped) {
      throw new IllegalStateException("the table is not mapped");
    }
    mapped = false;
  }

  public boolean isMapped() {
    return mapped;
  }

  /** {@code for_each_sgtable_page()}: pages of the memory. */
  public long pages() {
    return pages(list.positions(), true);
  }

  /** {@code for_each_sgtable_dma_page()}: pages of the addresses. */
  public long dmaPages() {
    return pages(list.positions().subList(0, nents), false);
  }

  private long pages(List<Integer> positions, boolean cpu) {
    long pages = 0;
    for (int position : positions) {
      long addr = cpu ? list.physAddr(position) : list.dmaAddr(position);
      long length = cpu ? list.length(position) : list.dmaLength(position);
      pages += ((addr & (PAGE_SIZE - 1)) + length + PAGE_SIZE - 1) / PAGE_SIZE;
    }
    return pages;
  }
}
