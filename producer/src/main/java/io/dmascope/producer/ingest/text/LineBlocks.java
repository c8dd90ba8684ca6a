package io.dmascope.producer.ingest.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A stream cut into blocks of whole lines, in a buffer that is used again for every block.
 *
 * <p>Every line of a block ends with a line feed, also the last one of the input, so that a loop
 * over a line needs no other bound: no byte of a value is a line feed. A block holds what one read
 * of the source gave, so a live source is not held back.
 */
/* hot path */
public final class LineBlocks {
  /**
   * Longest line that is looked at. A line of tracefs is bounded by the kernel's 8 KiB sequence
   * buffer, but {@code trace-cmd report} spells an array field out with four characters a byte: 256
   * KiB where pages are 64 KiB.
   */
  public static final int LINE_BYTES_MAX = 1 << 20;

  private static final int BLOCK_BYTES = 1 << 18;

  private final InputStream source;
  private byte[] bytes;

  /** First byte of the block, and the byte after its last line feed. */
  private int from;

  private int to;

  /** End of what was read; {@code [to, limit)} is the beginning of a line still to be completed. */
  private int limit;

  private boolean endOfInput;
  private boolean endsCut;
  private boolean overlong;

  /**
   * Reads from {@code source}.
   *
   * @param head bytes that were taken from the source already, to be read again first
   */
  public LineBlocks(byte[] head, InputStream source) {
    this.source = source;
    this.bytes = Arrays.copyOf(head, Math.max(BLOCK_BYTES, head.length + 1) + Words.MARGIN_BYTES);
    this.limit = head.length;
  }

  /**
   * Makes the next block the current one.
   *
   * @return false at the end of the input
   * @throws IOException where the source fails; the lines read so far were all given out, the cut
   *     rest is {@link #takeRest}
   */
  public boolean next() throws IOException {
    from = to;
    overlong = false;
    int lineFeed = lastLineFeed(from, limit);
    while (lineFeed < 0) {
      if (limit - from > LINE_BYTES_MAX) {
        return overlongLine();
      }
      if (endOfInput) {
        return takeRest();
      }
      int searched = limit - from;
      fill();
      lineFeed = lastLineFeed(from + searched, limit);
    }
    to = lineFeed + 1;
    return true;
  }

  /**
   * Makes what was read of the last, unfinished line a block of its own, with a line feed added.
   *
   * @return false where there is none
   */
  public boolean takeRest() {
    endOfInput = true;
    from = to;
    if (from == limit) {
      return false;
    }
    makeRoom();
    bytes[limit++] = '\n';
    to = limit;
    endsCut = true;
    return true;
  }

  /** The buffer; the current block is {@code [from, to)} of it, until the next call. */
  public byte[] bytes() {
    return bytes;
  }

  public int from() {
    return from;
  }

  public int to() {
    return to;
  }

  /** True where the block's last line had no line feed in the input: it may lack its end. */
  public boolean endsCut() {
    return endsCut;
  }

  /** True where the block is the beginning of one line longer than {@link #LINE_BYTES_MAX}. */
  public boolean overlong() {
    return overlong;
  }

  /** Keeps the beginning of the line as a block and drops the rest of it unseen. */
  private boolean overlongLine() throws IOException {
    overlong = true;
    int keptBytes = LINE_BYTES_MAX;
    System.arraycopy(bytes, from, bytes, 0, keptBytes);
    from = 0;
    to = 0;
    int restAt = keptBytes;
    limit = restAt;
    while (true) {
      int count = source.read(bytes, restAt, capacity() - restAt);
      if (count < 0) {
        endOfInput = true;
        break;
      }
      int lineFeed = firstLineFeed(restAt, restAt + count);
      if (lineFeed >= 0) {
        // What follows the line feed moves behind the one that ends the kept beginning.
        int left = restAt + count - (lineFeed + 1);
        System.arraycopy(bytes, lineFeed + 1, bytes, restAt + 1, left);
        limit = restAt + 1 + left;
        break;
      }
    }
    bytes[restAt] = '\n';
    to = restAt + 1;
    limit = Math.max(limit, to);
    return true;
  }

  private void fill() throws IOException {
    makeRoom();
    int count = source.read(bytes, limit, capacity() - limit);
    if (count < 0) {
      endOfInput = true;
    } else {
      limit += count;
    }
  }

  /** Moves the unfinished line to the front, and lets the buffer grow where it fills it. */
  private void makeRoom() {
    if (from > 0) {
      System.arraycopy(bytes, from, bytes, 0, limit - from);
      limit -= from;
      to -= from;
      from = 0;
    }
    if (limit >= capacity()) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
  }

  /** Where the lines must end: behind it come a line feed and the margin for words. */
  private int capacity() {
    return bytes.length - 1 - Words.MARGIN_BYTES;
  }

  private int lastLineFeed(int start, int end) {
    byte[] b = bytes;
    for (int i = end - 1; i >= start; i--) {
      if (b[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private int firstLineFeed(int start, int end) {
    byte[] b = bytes;
    for (int i = start; i < end; i++) {
      if (b[i] == '\n') {
        return i;
      }
    }
    return -1;
  }
}
