package io.dmascope.model.backend;

import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.scatterlist.PhysList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Mapping through an IOMMU: every call takes a block of I/O virtual addresses and a list becomes
 * one contiguous block, merged into as few entries as the device's limits allow
 * (drivers/iommu/dma-iommu.c iommu_dma_map_phys(), iommu_dma_map_sg()).
 *
 * <p>Memory of an untrusted device that does not fill its granules is bounced, so that the device
 * sees nothing else; its lists are mapped entry by entry and never merged.
 */
public final class IommuBackend implements MappingBackend {
  private final DeviceParameters device;
  private final IommuDomain domain;
  private final long granule;
  private final Prefer32Bit prefer32Bit;
  private final BackendCounters counters = new BackendCounters();
  private final Bouncer bouncer;

  /** A device in a domain; the pool serves untrusted devices only. */
  public IommuBackend(DeviceParameters device, IommuDomain domain, SwiotlbPool pool) {
    this.device = device;
    this.domain = domain;
    this.granule = domain.parameters().granule();
    this.prefer32Bit = new Prefer32Bit(device.pci());
    this.bouncer = new Bouncer(device, pool, counters);
  }

  @Override
  public String name() {
    return domain.isLazy() ? "iommu-lazy" : "iommu-strict";
  }

  @Override
  public DeviceParameters device() {
    return device;
  }

  @Override
  public BackendCounters counters() {
    return counters;
  }

  public IommuDomain domain() {
    return domain;
  }

  @Override
  public MapResult mapPhys(
      long physAddr, long sizeBytes, DmaDirection direction, long attrs, Moment moment) {
    MappingBuilder mapping = new MappingBuilder(1);
    return mapOne(physAddr, sizeBytes, attrs, moment, mapping)
        ? done(1, mapping.build())
        : failed(Errno.EIO);
  }

  @Override
  public MapResult mapSg(PhysList list, DmaDirection direction, long attrs, Moment moment) {
    if (device.untrusted()) {
      return mapEntryByEntry(list, attrs, moment);
    }
    IommuSgLayout layout =
        IommuSgLayout.of(list, granule, device.segmentBoundaryMask(), device.maxSegmentSize());
    if (layout.error().isPresent()) {
      return failed(layout.error().get());
    }
    if (layout.iovaSizeBytes() == 0) {
      return finish(list, layout.at(0));
    }
    OptionalLong iova = allocate(layout.iovaSizeBytes(), moment);
    if (iova.isEmpty()) {
      return failed(Errno.ENOMEM);
    }
    MapResult result = finish(list, layout.at(iova.getAsLong()));
    if (result instanceof MapResult.Failure) {
      domain.giveBack(iova.getAsLong(), layout.iovaSizeBytes(), moment);
    }
    return result;
  }

  @Override
  public MapResult alloc(PhysList memory, Moment moment) {
    IommuSgLayout layout = IommuSgLayout.of(memory, granule, -1L, 0xffffffffL);
    OptionalLong iova =
        layout.error().isPresent() || layout.iovaSizeBytes() == 0
            ? OptionalLong.empty()
            : allocate(layout.iovaSizeBytes(), moment);
    if (iova.isPresent() && layout.at(iova.getAsLong()) instanceof Mapping mapping) {
      counters.allocated(mapping);
      mapping.pageTableRuns().forEach(run -> split(run).forEach(counters::setEntries));
      return mapping;
    }
    return failed(Errno.ENOMEM);
  }

  @Override
  public void unmap(Mapping mapping, DmaDirection direction, long attrs, Moment moment) {
    if (device.untrusted()) {
      // Each entry was mapped alone and is unmapped alone.
      mapping
          .pageTableRuns()
          .forEach(run -> unmapBlock(mapping, run.iova(), run.sizeBytes(), moment));
    } else if (mapping.iovaSizeBytes() != 0) {
      unmapBlock(mapping, mapping.iova(), mapping.iovaSizeBytes(), moment);
    }
    bouncer.release(mapping, direction, attrs);
  }

  private void unmapBlock(Mapping mapping, long iova, long sizeBytes, Moment moment) {
    for (PageTableRun run : mapping.pageTableRuns()) {
      if (Long.compareUnsigned(run.iova() - iova, sizeBytes) < 0) {
        split(run).forEach(counters::clearedEntries);
      }
    }
    if (!domain.isLazy()) {
      counters.invalidatedRange();
    }
    counters.flushedAll(domain.free(iova, sizeBytes, moment));
  }

  private MapResult mapEntryByEntry(PhysList list, long attrs, Moment moment) {
    MappingBuilder mapping = new MappingBuilder(list.size());
    for (int i = 0; i < list.size(); i++) {
      if (!mapOne(list.physAddr(i), list.length(i), attrs, moment, mapping)) {
        undo(mapping.build(), moment);
        return failed(Errno.EIO);
      }
    }
    return done(list.size(), mapping.build());
  }

  private boolean mapOne(
      long physAddr, long sizeBytes, long attrs, Moment moment, MappingBuilder mapping) {
    if (Integer.compareUnsigned(device.minAlignMask(), (int) (granule - 1)) > 0) {
      return false;
    }
    boolean unaligned = ((physAddr | sizeBytes) & (granule - 1)) != 0;
    if (!device.untrusted() || !unaligned || (attrs & DmaAttrs.MMIO) != 0) {
      return mapRange(physAddr, sizeBytes, moment, mapping);
    }
    if ((attrs & DmaAttrs.REQUIRE_COHERENT) != 0) {
      return false;
    }
    Optional<Mapping.Bounce> bounce = bouncer.bounce(physAddr, sizeBytes, granule - 1, moment);
    if (bounce.isEmpty()) {
      return false;
    }
    boolean mapped = mapRange(bounce.get().slots().addr(), sizeBytes, moment, mapping);
    if (mapped) {
      mapping.addBounce(bounce.get());
    } else {
      bouncer.undo(bounce.get());
    }
    return mapped;
  }

  private boolean mapRange(long physAddr, long sizeBytes, Moment moment, MappingBuilder mapping) {
    long offset = physAddr & (granule - 1);
    long aligned = (sizeBytes + offset + granule - 1) & -granule;
    OptionalLong iova = aligned == 0 ? OptionalLong.empty() : allocate(aligned, moment);
    if (iova.isEmpty()) {
      return false;
    }
    PageTableRun run = new PageTableRun(iova.getAsLong(), physAddr - offset, aligned);
    mapping.addRun(run, aligned - sizeBytes);
    mapping.add(iova.getAsLong() + offset, sizeBytes);
    return true;
  }

  /** A link of the two-step interface was made. */
  void count(PageTableRun run) {
    split(run).forEach(counters::setEntries);
  }

  /** A link of the two-step interface was undone. */
  void uncount(PageTableRun run) {
    split(run).forEach(counters::clearedEntries);
  }

  /** The two-step interface waits for the invalidation in lazy domains, too. */
  void countInvalidation() {
    counters.invalidatedRange();
  }

  OptionalLong allocate(long sizeBytes, Moment moment) {
    return domain.allocate(sizeBytes, device.addressLimit(), prefer32Bit, moment);
  }

  private void undo(Mapping mapping, Moment moment) {
    for (PageTableRun run : mapping.pageTableRuns()) {
      domain.free(run.iova(), run.sizeBytes(), moment);
    }
    mapping.bounces().forEach(bouncer::undo);
  }

  private MapResult finish(PhysList list, MapResult result) {
    return switch (result) {
      case Mapping mapping -> done(list.size(), mapping);
      case MapResult.Failure failure -> failed(failure.errno());
    };
  }

  private MapResult done(int nents, Mapping mapping) {
    counters.mapped(nents, mapping);
    mapping.pageTableRuns().forEach(run -> split(run).forEach(counters::setEntries));
    return mapping;
  }

  private MapResult failed(Errno errno) {
    counters.failed(errno);
    return new MapResult.Failure(errno);
  }

  private List<PageSizeSplit.Step> split(PageTableRun run) {
    return PageSizeSplit.split(
        domain.parameters().pageSizeBitmap(), run.iova(), run.physAddr(), run.sizeBytes());
  }
}
