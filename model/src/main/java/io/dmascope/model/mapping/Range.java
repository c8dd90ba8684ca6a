package io.dmascope.model.mapping;

/**
 * One contiguous DMA range of an object: the whole of a single mapping, or one output entry of a
 * scatterlist.
 *
 * <p>A node of a {@link RangeTable}'s chain; it stands in at most one table.
 */
public final class Range {
  final MappedObject owner;
  final int index;
  final long addr;
  final long sizeBytes;
  Range next;
  Range previous;
  boolean listed;

  Range(MappedObject owner, int index, long addr, long sizeBytes) {
    this.owner = owner;
    this.index = index;
    this.addr = addr;
    this.sizeBytes = sizeBytes;
  }

  public MappedObject owner() {
    return owner;
  }

  /** First byte, unsigned. */
  public long addr() {
    return addr;
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  /**
   * Last byte, unsigned; the first one for an empty range. Stops at the top of the address space.
   */
  public long lastAddr() {
    return Addresses.last(addr, sizeBytes);
  }

  boolean contains(long first, long last) {
    return sizeBytes != 0
        && Long.compareUnsigned(addr, first) <= 0
        && Long.compareUnsigned(last, lastAddr()) <= 0;
  }

  boolean overlaps(long first, long last) {
    return sizeBytes != 0
        && Long.compareUnsigned(addr, last) <= 0
        && Long.compareUnsigned(first, lastAddr()) <= 0;
  }
}
