package io.dmascope.model.scatterlist;

/**
 * How large {@code struct scatterlist} is in a 64-bit kernel's configuration.
 *
 * @param entryBytes 24, or 32 with a DMA length, DMA flags, or both: the padding makes the second
 *     free
 */
public record SgLayout(int entryBytes) {
  private static final int CHUNK_BYTES = 4096;

  /** Neither {@code NEED_SG_DMA_LENGTH} nor {@code NEED_SG_DMA_FLAGS}. */
  public static final SgLayout SMALL = new SgLayout(24);

  /** One or both of them, as on x86 and arm64. */
  public static final SgLayout WITH_DMA_FIELDS = new SgLayout(32);

  /** {@code SG_MAX_SINGLE_ALLOC}: entries of a page. */
  public int entriesPerChunk() {
    return CHUNK_BYTES / entryBytes;
  }

  /** Chunks that so many entries need; all but the last give a slot to the link. */
  public int chunks(int entries) {
    int perLinkedChunk = entriesPerChunk() - 1;
    return entries <= entriesPerChunk() ? 1 : (entries - 1 + perLinkedChunk - 1) / perLinkedChunk;
  }
}
