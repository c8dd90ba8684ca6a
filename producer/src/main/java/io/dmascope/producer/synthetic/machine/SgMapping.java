package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.Mapping;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.scatterlist.PhysList;

/**
 * A mapped scatterlist: the CPU side, which the unmap passes again, and what the DMA side became.
 *
 * @param mappedAt sequence of the event that told of it
 */
public record SgMapping(
    DmaDevice device,
    PhysList list,
    DmaDirection direction,
    long attrs,
    Mapping mapping,
    long mappedAt) {

  public int nents() {
    return list.size();
  }

  public int ents() {
    return mapping.ents();
  }

  /** First DMA address. */
  public long dmaAddr() {
    return mapping.dmaAddrs().at(0);
  }

  /** Bytes of all entries. */
  public long sizeBytes() {
    return list.totalBytes();
  }
}
