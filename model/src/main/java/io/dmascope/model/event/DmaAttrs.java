package io.dmascope.model.event;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The {@code DMA_ATTR_*} bits of a call (include/linux/dma-mapping.h), held as a {@code long} bit
 * set.
 *
 * <p>Bit 11 changed its name between kernels ({@code CACHE_CLEAN}, later {@code
 * CACHELINES_OVERLAP}); both are read, the later one is printed.
 */
public final class DmaAttrs {
  public static final long WEAK_ORDERING = 1L << 1;
  public static final long WRITE_COMBINE = 1L << 2;
  public static final long NO_KERNEL_MAPPING = 1L << 4;
  public static final long SKIP_CPU_SYNC = 1L << 5;
  public static final long FORCE_CONTIGUOUS = 1L << 6;
  public static final long ALLOC_SINGLE_PAGES = 1L << 7;
  public static final long NO_WARN = 1L << 8;
  public static final long PRIVILEGED = 1L << 9;
  public static final long MMIO = 1L << 10;
  public static final long CACHELINES_OVERLAP = 1L << 11;
  public static final long REQUIRE_COHERENT = 1L << 12;
  public static final long CC_SHARED = 1L << 13;
  public static final long ALLOC_CC_SHARED = 1L << 14;

  /**
   * The attributes that map and unmap have to agree on (kernel/dma/debug.c check_unmap(), since
   * 7.3).
   */
  public static final long MUST_MATCH =
      NO_KERNEL_MAPPING | FORCE_CONTIGUOUS | MMIO | REQUIRE_COHERENT | PRIVILEGED | CC_SHARED;

  private static final String[] NAME_OF_BIT = new String[15];

  static {
    NAME_OF_BIT[1] = "WEAK_ORDERING";
    NAME_OF_BIT[2] = "WRITE_COMBINE";
    NAME_OF_BIT[4] = "NO_KERNEL_MAPPING";
    NAME_OF_BIT[5] = "SKIP_CPU_SYNC";
    NAME_OF_BIT[6] = "FORCE_CONTIGUOUS";
    NAME_OF_BIT[7] = "ALLOC_SINGLE_PAGES";
    NAME_OF_BIT[8] = "NO_WARN";
    NAME_OF_BIT[9] = "PRIVILEGED";
    NAME_OF_BIT[10] = "MMIO";
    NAME_OF_BIT[11] = "CACHELINES_OVERLAP";
    NAME_OF_BIT[12] = "REQUIRE_COHERENT";
    NAME_OF_BIT[13] = "CC_SHARED";
    NAME_OF_BIT[14] = "ALLOC_CC_SHARED";
  }

  private DmaAttrs() {}

  /** Returns the bit with that trace name, or empty for a name no known kernel prints. */
  public static OptionalLong bit(String name) {
    if (name.equals("CACHE_CLEAN")) {
      return OptionalLong.of(CACHELINES_OVERLAP);
    }
    for (int bit = 0; bit < NAME_OF_BIT.length; bit++) {
      if (name.equals(NAME_OF_BIT[bit])) {
        return OptionalLong.of(1L << bit);
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Prints as {@code __print_flags} does: names joined by {@code |}, unknown bits as one
   * hexadecimal rest.
   */
  public static String toText(long attrs) {
    List<String> parts = new ArrayList<>();
    long rest = attrs;
    for (int bit = 0; bit < NAME_OF_BIT.length; bit++) {
      if (NAME_OF_BIT[bit] != null && (attrs & 1L << bit) != 0) {
        parts.add(NAME_OF_BIT[bit]);
        rest &= ~(1L << bit);
      }
    }
    if (rest != 0) {
      parts.add("0x" + Long.toHexString(rest));
    }
    return String.join("|", parts);
  }
}
