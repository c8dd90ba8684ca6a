package io.dmascope.model.consumer;

import io.dmascope.model.backend.Mapping;
import io.dmascope.model.event.U64List;
import java.util.Optional;

/**
 * What GPU drivers make of a mapping: one address a page, for random access
 * (drivers/gpu/drm/drm_prime.c drm_prime_sg_to_dma_addr_array(), drm_prime_get_contiguous_size()).
 */
public final class GpuPages {
  private static final long PAGE_SIZE = 4096;

  private GpuPages() {}

  /**
   * The address of each page; empty where the array is too small or an entry is no whole number of
   * pages.
   *
   * @param pagesMax places in the array
   */
  public static Optional<long[]> addresses(Mapping mapping, int pagesMax) {
    if (misfit(mapping.dmaAddrs(), mapping.lengths(), pagesMax).isPresent()) {
      return Optional.empty();
    }
    long[] pages = new long[(int) (mapping.lengths().sum() / PAGE_SIZE)];
    int filled = 0;
    for (int i = 0; i < mapping.ents(); i++) {
      long addr = mapping.dmaAddrs().at(i);
      long length = mapping.lengths().at(i);
      for (long at = 0; at < length; at += PAGE_SIZE) {
        pages[filled++] = addr + at;
      }
    }
    return Optional.of(pages);
  }

  /**
   * Why a table does not fit an array, in words; empty where it does.
   *
   * @param pagesMax places in the array
   */
  public static Optional<String> misfit(U64List dmaAddrs, U64List lengths, int pagesMax) {
    long left = pagesMax;
    for (int i = 0; i < dmaAddrs.size(); i++) {
      long length = lengths.at(i);
      if (((dmaAddrs.at(i) | length) & (PAGE_SIZE - 1)) != 0) {
        return Optional.of("entry " + i + " is no whole number of pages");
      }
      left -= Long.divideUnsigned(length, PAGE_SIZE);
      if (left < 0) {
        return Optional.of("the table has more pages than the array has places");
      }
    }
    return Optional.empty();
  }

  /** Bytes from the first address on that follow each other; some drivers need all of them to. */
  public static long contiguousBytes(Mapping mapping) {
    long bytes = 0;
    for (int i = 0; i < mapping.ents(); i++) {
      if (i > 0 && mapping.dmaAddrs().at(i) != mapping.dmaAddrs().at(0) + bytes) {
        return bytes;
      }
      bytes += mapping.lengths().at(i);
    }
    return bytes;
  }
}
