package io.dmascope.model.scatterlist;

import io.dmascope.model.event.U64List;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One side of a list, written down in one form: ranges of memory or of DMA addresses, none longer
 * than an entry of the form can hold.
 *
 * <p>A side stays what it is: memory becomes addresses only by being mapped. A scatterlist of
 * addresses alone is the page-less table that dma-buf exporters hand out
 * (drivers/dma-buf/dma-buf-mapping.c).
 */
public final class FormList {
  private static final long PAGE_SIZE = 4096;

  /** What the ranges are. */
  public enum Side {
    /** Physical memory: what is to be mapped. */
    MEMORY,
    /** Addresses that a device uses: what came of it. */
    DMA
  }

  /**
   * A list in another form.
   *
   * @param visits entries of the old list that were looked at: its length times the passes
   */
  public record Converted(FormList list, long visits) {}

  private record Range(long addr, long lengthBytes) {
    long end() {
      return addr + lengthBytes;
    }
  }

  private final EntryForm form;
  private final Side side;
  private final List<Range> ranges;

  private FormList(EntryForm form, Side side, List<Range> ranges) {
    this.form = form;
    this.side = side;
    this.ranges = List.copyOf(ranges);
  }

  /** The memory of a list, as a scatterlist. */
  public static FormList ofMemory(PhysList input) {
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; i < input.size(); i++) {
      ranges.add(new Range(input.physAddr(i), input.length(i)));
    }
    return new FormList(EntryForm.SCATTERLIST, Side.MEMORY, ranges);
  }

  /** The addresses that a mapping returned, as a scatterlist. */
  public static FormList ofAddresses(U64List addrs, U64List lengths) {
    List<Range> ranges = new ArrayList<>();
    for (int i = 0; i < addrs.size(); i++) {
      ranges.add(new Range(addrs.at(i), lengths.at(i)));
    }
    return new FormList(EntryForm.SCATTERLIST, Side.DMA, ranges);
  }

  public EntryForm form() {
    return form;
  }

  public Side side() {
    return side;
  }

  public int entries() {
    return ranges.size();
  }

  public long addr(int index) {
    return ranges.get(index).addr();
  }

  /** Bytes of the entry. */
  public long length(int index) {
    return ranges.get(index).lengthBytes();
  }

  /** Bytes in memory, links of a chain included. */
  public long bytes() {
    return form.bytes(entries());
  }

  /** Chunks, bios or arrays that it lies in; a bio also holds no more than 2^32 - 1 bytes. */
  public long chunks() {
    if (form != EntryForm.BIO_VEC) {
      return form.chunks(entries());
    }
    long bios = 1;
    int vecs = 0;
    long bytes = 0;
    for (Range range : ranges) {
      bytes += range.lengthBytes();
      if (++vecs > form.entriesPerChunk() || bytes > EntryForm.BIO_VEC.lengthMax()) {
        bios++;
        vecs = 1;
        bytes = range.lengthBytes();
      }
    }
    return bios;
  }

  /**
   * Writes the list down in another form; empty where that form cannot say it: two ranges as one
   * I/O virtual range, parts of pages as an address a page, memory as addresses.
   */
  public Optional<Converted> to(EntryForm other) {
    Objects.requireNonNull(other, "other");
    Optional<Integer> passes = FormConversions.passes(side, form, other);
    if (passes.isEmpty()) {
      return Optional.empty();
    }
    return written(other)
        .map(
            list ->
                new Converted(
                    new FormList(other, side, list), (long) passes.get() * ranges.size()));
  }

  private Optional<List<Range>> written(EntryForm other) {
    return switch (other) {
      case SCATTERLIST, DMA_SG, BIO_VEC, PHYS_VEC, DMA_VEC ->
          Optional.of(split(form == EntryForm.LINEAR ? joined() : ranges, other));
      case DMA_SG64 -> Optional.of(joined());
      case IOVA_STATE -> Optional.of(joined()).filter(one -> one.size() == 1);
      case LINEAR -> pages();
    };
  }

  /** Neighbours that touch become one. */
  private List<Range> joined() {
    List<Range> joined = new ArrayList<>();
    for (Range range : ranges) {
      if (!joined.isEmpty() && joined.getLast().end() == range.addr()) {
        Range before = joined.removeLast();
        joined.add(new Range(before.addr(), before.lengthBytes() + range.lengthBytes()));
      } else {
        joined.add(range);
      }
    }
    return joined;
  }

  /** Ranges too long for an entry are cut at whole pages, as the kernel cuts at 0xfffff000. */
  private static List<Range> split(List<Range> ranges, EntryForm form) {
    long most = form.lengthMax() < 0 ? Long.MAX_VALUE : form.lengthMax() & -PAGE_SIZE;
    List<Range> split = new ArrayList<>();
    for (Range range : ranges) {
      boolean fits = form.lengthMax() < 0 || range.lengthBytes() <= form.lengthMax();
      long addr = range.addr();
      for (long left = range.lengthBytes(); !fits && left > most; left -= most) {
        split.add(new Range(addr, most));
        addr += most;
      }
      split.add(new Range(addr, range.end() - addr));
    }
    return split;
  }

  /** drm_prime_sg_to_dma_addr_array(): every range has to be made of whole pages. */
  private Optional<List<Range>> pages() {
    List<Range> pages = new ArrayList<>();
    for (Range range : ranges) {
      if (((range.addr() | range.lengthBytes()) & (PAGE_SIZE - 1)) != 0) {
        return Optional.empty();
      }
      for (long addr = range.addr(); addr != range.end(); addr += PAGE_SIZE) {
        pages.add(new Range(addr, PAGE_SIZE));
      }
    }
    return Optional.of(pages);
  }
}
