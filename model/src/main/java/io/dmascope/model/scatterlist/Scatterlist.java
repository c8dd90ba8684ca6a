package io.dmascope.model.scatterlist;

import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.U64List;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * A {@code struct scatterlist} array as it lies in memory: chunks of a page, chained through their
 * last slot, both sides of a mapping in each entry (include/linux/scatterlist.h).
 *
 * <p>A slot's page link holds a page's address, or with bit 0 ({@code SG_CHAIN}) that of the next
 * chunk; bit 1 ({@code SG_END}) marks the last entry. A position is the number of a slot, all
 * chunks laid end to end, so that a link is a position, too.
 *
 * <pre>
 *   chunk 0                             chunk 1
 *   [page][page] ... [page][chain: 128] [page][page|END]
 *     0     1          126      127       128    129
 * </pre>
 */
public final class Scatterlist {
  /** {@code SG_CHAIN}: the slot leads to the next chunk and carries no data. */
  public static final long CHAIN = 1;

  /** {@code SG_END}: the last entry. */
  public static final long END = 2;

  /** {@code SG_DMA_BUS_ADDRESS}: the output entry is a PCI bus address. */
  public static final int DMA_BUS_ADDRESS = 1;

  /** {@code SG_DMA_SWIOTLB}, on the first entry: the list went through the bounce path. */
  public static final int DMA_SWIOTLB = 2;

  private static final long FLAGS = CHAIN | END;
  private static final int PAGE_SHIFT = 12;
  private static final int STRUCT_PAGE_SHIFT = 6;

  private final SgLayout layout;
  private final long[] pageLinks;
  private final long[] offsets;
  private final long[] lengths;
  private final long[] dmaAddrs;
  private final long[] dmaLengths;
  private final int[] dmaFlags;

  private Scatterlist(SgLayout layout, int slots) {
    this.layout = layout;
    pageLinks = new long[slots];
    offsets = new long[slots];
    lengths = new long[slots];
    dmaAddrs = new long[slots];
    dmaLengths = new long[slots];
    dmaFlags = new int[slots];
  }

  /** Allocates {@code entries}, at least one, chained where they do not fit into a page. */
  public static Scatterlist allocate(SgLayout layout, int entries) {
    if (entries < 1) {
      throw new IllegalArgumentException("a list has at least one entry: " + entries);
    }
    int chunks = layout.chunks(entries);
    Scatterlist list = new Scatterlist(layout, entries + chunks - 1);
    for (int chunk = 1; chunk < chunks; chunk++) {
      int next = chunk * layout.entriesPerChunk();
      list.pageLinks[next - 1] = (long) next << 2 | CHAIN;
    }
    list.pageLinks[list.pageLinks.length - 1] |= END;
    return list;
  }

  /** The list that describes {@code input}. */
  public static Scatterlist of(SgLayout layout, PhysList input) {
    Scatterlist list = allocate(layout, input.size());
    int position = 0;
    for (int i = 0; i < input.size(); i++) {
      list.setRange(position, input.physAddr(i), input.length(i));
      position = list.next(position).orElse(position);
    }
    return list;
  }

  /** {@code sg_next()}: the next entry's position, or empty behind the one marked END. */
  public OptionalInt next(int position) {
    if ((pageLinks[position] & END) != 0) {
      return OptionalInt.empty();
    }
    int next = position + 1;
    boolean chained = (pageLinks[next] & CHAIN) != 0;
    return OptionalInt.of(chained ? (int) (pageLinks[next] >>> 2) : next);
  }

  /** {@code sg_set_page()}: keeps the slot's END mark. */
  public void setRange(int position, long physAddr, long lengthBytes) {
    long page = (physAddr >>> PAGE_SHIFT) << STRUCT_PAGE_SHIFT;
    pageLinks[position] = page | (pageLinks[position] & FLAGS);
    offsets[position] = physAddr & ((1L << PAGE_SHIFT) - 1);
    lengths[position] = lengthBytes;
  }

  /** {@code sg_mark_end()}. */
  public void markEnd(int position) {
    pageLinks[position] = (pageLinks[position] | END) & ~CHAIN;
  }

  /** {@code sg_unmark_end()}. */
  public void unmarkEnd(int position) {
    pageLinks[position] &= ~END;
  }

  /** {@code sg_phys()}. */
  public long physAddr(int position) {
    long frame = (pageLinks[position] & ~FLAGS) >>> STRUCT_PAGE_SHIFT;
    return (frame << PAGE_SHIFT) + offsets[position];
  }

  public long length(int position) {
    return lengths[position];
  }

  public long dmaAddr(int position) {
    return dmaAddrs[position];
  }

  public long dmaLength(int position) {
    return dmaLengths[position];
  }

  public int dmaFlags(int position) {
    return dmaFlags[position];
  }

  /** True where the slot leads to another chunk. */
  public boolean isChain(int position) {
    return (pageLinks[position] & CHAIN) != 0;
  }

  /** Positions of the entries from the first to the one marked END. */
  public List<Integer> positions() {
    List<Integer> positions = new ArrayList<>();
    for (OptionalInt at = OptionalInt.of(0); at.isPresent(); at = next(at.getAsInt())) {
      positions.add(at.getAsInt());
    }
    return positions;
  }

  /** Bytes in memory, links included. */
  public long bytes() {
    return (long) pageLinks.length * layout.entryBytes();
  }

  /**
   * Writes what a mapping returned into the front of the list: entry i of the DMA side has nothing
   * to do with entry i of the CPU side any more. Behind it, addresses are errors and lengths 0.
   */
  void setDma(U64List addrs, U64List segmentLengths, BitSet busAddresses, boolean bounced) {
    int ent = 0;
    for (int position : positions()) {
      boolean mapped = ent < addrs.size();
      dmaAddrs[position] = mapped ? addrs.at(ent) : DmaAddress.ERROR;
      dmaLengths[position] = mapped ? segmentLengths.at(ent) : 0;
      dmaFlags[position] = mapped && busAddresses.get(ent) ? DMA_BUS_ADDRESS : 0;
      ent++;
    }
    if (bounced) {
      dmaFlags[0] |= DMA_SWIOTLB;
    }
  }
}
