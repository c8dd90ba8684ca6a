package io.dmascope.model.consumer;

/**
 * How an NVMe command describes its data by pages (drivers/nvme/host/pci.c): the first entry may
 * begin anywhere, every other is a whole page's address, and more than two go to lists.
 */
public final class NvmePrp {
  /** {@code NVME_CTRL_PAGE_SIZE}. */
  public static final long PAGE_SIZE = 4096;

  /** Entries of a list page; the last is a link where more follow. */
  public static final int ENTRIES_PER_LIST = 512;

  private NvmePrp() {}

  /** Entries that data of that length takes from that address on. */
  public static long entries(long dmaAddr, long lengthBytes) {
    long first = PAGE_SIZE - (dmaAddr & (PAGE_SIZE - 1));
    long rest = Math.max(0, lengthBytes - first);
    return 1 + (rest + PAGE_SIZE - 1) / PAGE_SIZE;
  }

  /** List pages for so many entries; none for up to two, which the command holds. */
  public static long listPages(long entries) {
    long listed = entries - 1;
    if (entries <= 2) {
      return 0;
    }
    return listed <= ENTRIES_PER_LIST
        ? 1
        : (listed - 1 + ENTRIES_PER_LIST - 2) / (ENTRIES_PER_LIST - 1);
  }

  /**
   * True where two neighbours leave a gap that pages cannot express: the one does not end, or the
   * other not begin, on a page.
   */
  public static boolean hasGap(long previousEndAddr, long nextAddr) {
    return ((previousEndAddr | nextAddr) & (PAGE_SIZE - 1)) != 0;
  }
}
