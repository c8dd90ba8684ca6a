package io.dmascope.model.mapping;

/**
 * One contiguous DMA range of an object: the whole of a single mapping, or one output entry of a
 * scatterlist.
 *
 * @param index 0-based place in the object
 * @param addr first byte, unsigned
 */
public record Range(MappedObject owner, int index, long addr, long sizeBytes) {
  /**
   * Last byte, unsigned; the first one for an empty range. Stops at the top of the address space.
   */
  public long lastAddr() {
    return Addresses.last(addr, sizeBytes);
  }
}
