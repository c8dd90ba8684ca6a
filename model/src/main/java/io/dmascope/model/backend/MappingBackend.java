package io.dmascope.model.backend;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.scatterlist.PhysList;

/**
 * What stands behind {@code dma_map_*} of one device. Backends of several devices may share a
 * {@link SwiotlbPool} or an {@link IommuDomain}, as devices of one machine or group do.
 *
 * <p>Owned by one thread.
 */
public sealed interface MappingBackend permits DirectBackend, IommuBackend {

  /** A short name: {@code direct}, {@code swiotlb}, {@code iommu-strict}, {@code iommu-lazy}. */
  String name();

  DeviceParameters device();

  /**
   * {@code dma_map_phys}: maps one range of memory.
   *
   * @param attrs {@link io.dmascope.model.event.DmaAttrs} bits of the call
   */
  MapResult mapPhys(
      long physAddr, long sizeBytes, DmaDirection direction, long attrs, Moment moment);

  /** {@code dma_map_sg}: maps a list; the result's entries are what the driver would see. */
  MapResult mapSg(PhysList list, DmaDirection direction, long attrs, Moment moment);

  /**
   * {@code dma_alloc}: gives memory of whole granules one address, without bouncing or merging
   * limits. It is undone by {@link #unmap}.
   */
  MapResult alloc(PhysList memory, Moment moment);

  /** Undoes a mapping that this backend made and that was not undone before. */
  void unmap(Mapping mapping, DmaDirection direction, long attrs, Moment moment);

  /** What this device's calls have cost until now. */
  BackendCounters counters();
}
