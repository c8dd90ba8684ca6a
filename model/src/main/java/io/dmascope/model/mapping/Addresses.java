package io.dmascope.model.mapping;

/** Arithmetic on unsigned 64-bit addresses, checked in one place. */
public final class Addresses {
  /**
   * The smallest page of the IOMMUs that Linux drives for DMA; padding inside it belongs to the
   * mapping.
   */
  public static final long IOMMU_GRANULE = 4096;

  private Addresses() {}

  /**
   * The last byte of a range; the first one for size 0; the top of the address space where it would
   * wrap.
   */
  public static long last(long addr, long sizeBytes) {
    if (sizeBytes == 0) {
      return addr;
    }
    long last = addr + sizeBytes - 1;
    return Long.compareUnsigned(last, addr) < 0 ? -1L : last;
  }

  /** Rounds down to a multiple of {@code granule}, a power of two. */
  public static long alignDown(long addr, long granule) {
    return addr & -granule;
  }

  /** As the kernel prints it in its messages: {@code 0x%016x}. */
  public static String hex(long addr) {
    String digits = Long.toHexString(addr);
    return "0x" + "0".repeat(16 - digits.length()) + digits;
  }
}
