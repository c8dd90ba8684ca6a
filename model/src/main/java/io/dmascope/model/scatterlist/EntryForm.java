package io.dmascope.model.scatterlist;

/**
 * A way to write a list of ranges down: how many bytes an entry takes, how many fit together, and
 * how long one may be. Sizes are those of a 64-bit kernel.
 */
public enum EntryForm {
  /**
   * {@code struct scatterlist} with its DMA half: page link, offset, length, DMA address, DMA
   * length, flags. Chained in chunks of a page, each but the last losing a slot to the link.
   */
  SCATTERLIST("scatterlist", 32, 128, true, 0xffffffffL),
  /** {@code dma_sg} as first proposed: address, 32-bit length, flags; chained pages of 256. */
  DMA_SG("dma-sg", 16, 256, true, 0xffffffffL),
  /** The same with a 64-bit length: no larger, since the shorter one is padded. */
  DMA_SG64("dma-sg64", 16, 256, true, -1L),
  /** {@code struct bio_vec}: page, length, offset; the CPU side only, 256 to a bio. */
  BIO_VEC("bio-vec", 16, 256, false, 0xffffffffL),
  /** {@code struct phys_vec}: physical address and length; the CPU side without pages. */
  PHYS_VEC("phys-vec", 16, Integer.MAX_VALUE, false, -1L),
  /** {@code struct dma_vec}: DMA address and length. */
  DMA_VEC("dma-vec", 16, Integer.MAX_VALUE, false, -1L),
  /** {@code struct dma_iova_state}: one contiguous I/O virtual range, however large. */
  IOVA_STATE("iova-state", 16, 1, false, Long.MAX_VALUE),
  /** One {@code dma_addr_t} a CPU page, as GPU drivers keep them. */
  LINEAR("linear", 8, Integer.MAX_VALUE, false, 4096);

  private final String label;
  private final int entryBytes;
  private final int entriesPerChunk;
  private final boolean chained;
  private final long lengthMax;

  EntryForm(String label, int entryBytes, int entriesPerChunk, boolean chained, long lengthMax) {
    this.label = label;
    this.entryBytes = entryBytes;
    this.entriesPerChunk = entriesPerChunk;
    this.chained = chained;
    this.lengthMax = lengthMax;
  }

  /** The name users type. */
  public String label() {
    return label;
  }

  public int entryBytes() {
    return entryBytes;
  }

  /** Entries that lie together: in a chunk of a chain, or in a bio. */
  public int entriesPerChunk() {
    return entriesPerChunk;
  }

  /** The longest range one entry can hold, in bytes, as an unsigned number. */
  public long lengthMax() {
    return lengthMax;
  }

  /** Chunks that so many entries need; every chunk of a chain but the last holds one less. */
  public long chunks(long entries) {
    if (!chained || entries <= entriesPerChunk) {
      return Math.max(1, (entries + entriesPerChunk - 1) / entriesPerChunk);
    }
    return (entries - 1 + entriesPerChunk - 2) / (entriesPerChunk - 1);
  }

  /** Bytes that so many entries take, links of the chain included. */
  public long bytes(long entries) {
    long links = chained ? chunks(entries) - 1 : 0;
    return (entries + links) * entryBytes;
  }

  /** Entries that a range of so many bytes takes. */
  public long entriesFor(long lengthBytes) {
    return lengthMax < 0
        ? 1
        : Math.max(1, Long.divideUnsigned(lengthBytes + lengthMax - 1, lengthMax));
  }
}
