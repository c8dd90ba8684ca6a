package io.dmascope.producer.ingest.tracedat;

/**
 * The memory that all streams of one capture share out among themselves. Every CPU needs a page at
 * hand to merge by time; whatever numbers of CPUs, page sizes and chunk sizes a file claims, no
 * more than this is held.
 */
final class ReadMemory {
  static final long RESIDENT_BYTES_MAX = 96L << 20;

  /** Uncompressed bytes of one chunk; trace-cmd makes chunks of ten pages. */
  static final int CHUNK_BYTES_MAX = 16 << 20;

  private long left = RESIDENT_BYTES_MAX;
  private byte[] compressed = new byte[0];
  private byte[] uncompressed = new byte[0];

  /**
   * Returns a buffer of the preferred size while there is plenty, else of the least size, or null
   * when even that is not left.
   */
  byte[] buffer(int preferred, int least) {
    int size = preferred <= left / 4 ? preferred : least;
    if (size > left) {
      return null;
    }
    left -= size;
    return new byte[size];
  }

  /** Takes a buffer back that its stream no longer uses. */
  void giveBack(byte[] buffer) {
    left += buffer.length;
  }

  /** A buffer for compressed bytes, valid until the next call. */
  byte[] compressed(int size) {
    if (compressed.length < size) {
      compressed = new byte[size];
    }
    return compressed;
  }

  /** A buffer for a chunk that its stream cannot hold as a whole, valid until the next call. */
  byte[] uncompressed(int size) {
    if (uncompressed.length < size) {
      uncompressed = new byte[size];
    }
    return uncompressed;
  }
}
