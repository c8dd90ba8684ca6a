package io.dmascope.producer.write.tracedat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Fills one page of a ring buffer as kernel/trace/ring_buffer.c does. */
public final class PageWriter {
  private static final int SMALL_PAYLOAD_MAX = 28 * 4;
  private static final int DELTA_BITS = 27;

  private final ByteBuffer bytes;
  private final int longSize;
  private final int dataOffset;
  private int missedFlags;

  PageWriter(int pageSize, int longSize, ByteOrder order, long stamp) {
    this.bytes = ByteBuffer.allocate(pageSize).order(order);
    this.longSize = longSize;
    this.dataOffset = 8 + longSize;
    bytes.putLong(0, stamp);
    bytes.position(dataOffset);
  }

  /** True where a record of that many bytes fits, with the count of missed events behind it. */
  boolean fits(int payloadSize) {
    int heads = 2 * 8; // a time extend, and the length of what is longer than a word can say
    return bytes.remaining() >= heads + ((payloadSize + 3) & ~3) + Long.BYTES;
  }

  /** A record, {@code delta} after the one before it. */
  public PageWriter record(long delta, byte[] payload) {
    long rest = delta;
    if (delta >= 1L << DELTA_BITS) {
      word(30, (int) (delta & ((1 << DELTA_BITS) - 1)));
      bytes.putInt((int) (delta >>> DELTA_BITS));
      rest = 0;
    }
    int size = (payload.length + 3) & ~3;
    if (size == 0 || size > SMALL_PAYLOAD_MAX) {
      word(0, (int) rest);
      bytes.putInt(size + 4);
    } else {
      word(size / 4, (int) rest);
    }
    bytes.put(payload);
    bytes.position(bytes.position() + size - payload.length);
    return this;
  }

  /** An absolute stamp, from which the next delta counts. */
  public PageWriter stamp(long stamp) {
    word(31, (int) (stamp & ((1 << DELTA_BITS) - 1)));
    bytes.putInt((int) (stamp >>> DELTA_BITS));
    return this;
  }

  /** A record that was discarded after it was reserved. */
  public PageWriter discarded(long delta, int size) {
    word(29, (int) delta);
    bytes.putInt(size);
    bytes.position(bytes.position() - 4 + size);
    return this;
  }

  /** Padding to the end of the page. */
  public PageWriter paddingToEnd() {
    word(29, 0);
    bytes.position(bytes.capacity());
    return this;
  }

  /** Any word at all, for what no kernel writes. */
  public PageWriter word(int type, int delta) {
    boolean big = bytes.order() == ByteOrder.BIG_ENDIAN;
    bytes.putInt(big ? type << DELTA_BITS | delta : delta << 5 | type);
    return this;
  }

  /**
   * Events were lost before this page; a count of 0 means that the kernel does not say how many.
   */
  public PageWriter missed(long count) {
    missedFlags = 1 << 31 | (count == 0 ? 0 : 1 << 30);
    if (count > 0 && longSize == 8) {
      bytes.putLong(bytes.position(), count);
    } else if (count > 0) {
      bytes.putInt(bytes.position(), (int) count);
    }
    return this;
  }

  /** The page with the commit that is true. */
  public byte[] bytes() {
    return committed(bytes.position() - dataOffset);
  }

  /** The page with a commit that need not be true. */
  public byte[] committed(int size) {
    long commit = Integer.toUnsignedLong(size | missedFlags);
    if (longSize == 8) {
      bytes.putLong(8, commit);
    } else {
      bytes.putInt(8, (int) commit);
    }
    return bytes.array().clone();
  }
}
