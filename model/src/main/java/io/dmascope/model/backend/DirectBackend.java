package io.dmascope.model.backend;

import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.scatterlist.PhysList;
import java.util.Optional;

/**
 * Mapping without translation: the DMA address is the physical one, moved where the firmware says
 * so. What the device cannot reach goes through swiotlb, and everything does where bouncing is
 * forced (kernel/dma/direct.c, kernel/dma/direct.h dma_direct_map_phys()).
 *
 * <p>Lists are never merged. One buffer mapped twice has one address twice.
 */
public final class DirectBackend implements MappingBackend {
  private static final long NEVER_BOUNCED = DmaAttrs.MMIO | DmaAttrs.REQUIRE_COHERENT;

  private final DeviceParameters device;
  private final boolean forceBounce;
  private final BackendCounters counters = new BackendCounters();
  private final Bouncer bouncer;

  private DirectBackend(DeviceParameters device, SwiotlbPool pool, boolean forceBounce) {
    this.device = device;
    this.forceBounce = forceBounce;
    this.bouncer = new Bouncer(device, pool, counters);
  }

  /** Bounces only what the device cannot reach. */
  public static DirectBackend of(DeviceParameters device, SwiotlbPool pool) {
    return new DirectBackend(device, pool, false);
  }

  /** Bounces everything, as {@code swiotlb=force} and confidential guests do. */
  public static DirectBackend forced(DeviceParameters device, SwiotlbPool pool) {
    return new DirectBackend(device, pool, true);
  }

  @Override
  public String name() {
    return forceBounce ? "swiotlb" : "direct";
  }

  @Override
  public DeviceParameters device() {
    return device;
  }

  @Override
  public BackendCounters counters() {
    return counters;
  }

  @Override
  public MapResult mapPhys(
      long physAddr, long sizeBytes, DmaDirection direction, long attrs, Moment moment) {
    MappingBuilder mapping = new MappingBuilder(1);
    return mapOne(physAddr, sizeBytes, attrs, moment, mapping)
        ? done(1, mapping)
        : failed(Errno.EIO);
  }

  @Override
  public MapResult mapSg(PhysList list, DmaDirection direction, long attrs, Moment moment) {
    MappingBuilder mapping = new MappingBuilder(list.size());
    for (int i = 0; i < list.size(); i++) {
      switch (list.mapType(i)) {
        case BUS_ADDR -> mapping.addBusAddress(list.busAddr(i), list.length(i));
        case NOT_SUPPORTED -> {
          undo(mapping);
          return failed(Errno.EREMOTEIO);
        }
        case NONE, THRU_HOST_BRIDGE -> {
          if (!mapOne(list.physAddr(i), list.length(i), attrs, moment, mapping)) {
            undo(mapping);
            return failed(Errno.EIO);
          }
        }
      }
    }
    return done(list.size(), mapping);
  }

  /** The pages are chosen so that the device reaches them, and never bounced. */
  @Override
  public MapResult alloc(PhysList memory, Moment moment) {
    MappingBuilder builder = new MappingBuilder(memory.size());
    for (int i = 0; i < memory.size(); i++) {
      builder.add(toDma(memory.physAddr(i)), memory.length(i));
    }
    Mapping mapping = builder.build();
    counters.allocated(mapping);
    return mapping;
  }

  @Override
  public void unmap(Mapping mapping, DmaDirection direction, long attrs, Moment moment) {
    bouncer.release(mapping, direction, attrs);
  }

  private boolean mapOne(
      long physAddr, long sizeBytes, long attrs, Moment moment, MappingBuilder mapping) {
    boolean mayBounce = (attrs & NEVER_BOUNCED) == 0;
    long dmaAddr = toDma(physAddr);
    if (!forceBounce && isCapable(dmaAddr, sizeBytes)) {
      mapping.add(dmaAddr, sizeBytes);
      return true;
    }
    return mayBounce && bounceOne(physAddr, sizeBytes, moment, mapping);
  }

  private boolean bounceOne(long physAddr, long sizeBytes, Moment moment, MappingBuilder mapping) {
    Optional<Mapping.Bounce> bounce = bouncer.bounce(physAddr, sizeBytes, 0, moment);
    if (bounce.isEmpty()) {
      return false;
    }
    long dmaAddr = toDma(bounce.get().slots().addr());
    if (!isCapable(dmaAddr, sizeBytes)) {
      bouncer.undo(bounce.get());
      return false;
    }
    mapping.addBounce(bounce.get());
    mapping.add(dmaAddr, sizeBytes);
    return true;
  }

  private void undo(MappingBuilder mapping) {
    mapping.build().bounces().forEach(bouncer::undo);
  }

  private MapResult done(int nents, MappingBuilder builder) {
    Mapping mapping = builder.build();
    counters.mapped(nents, mapping);
    return mapping;
  }

  private MapResult failed(Errno errno) {
    counters.failed(errno);
    return new MapResult.Failure(errno);
  }

  /** phys_to_dma(): the same address, or that of the dma-range it lies in. */
  private long toDma(long physAddr) {
    if (device.dmaRanges().isEmpty()) {
      return physAddr;
    }
    for (DeviceParameters.DmaRange range : device.dmaRanges()) {
      long offset = physAddr - range.cpuStart();
      if (Long.compareUnsigned(offset, range.sizeBytes()) < 0) {
        return range.dmaStart() + offset;
      }
    }
    return DmaAddress.ERROR;
  }

  /** dma_capable(): whether the last byte is within what device and bus can address. */
  private boolean isCapable(long dmaAddr, long sizeBytes) {
    long last = dmaAddr + sizeBytes - 1;
    return dmaAddr != DmaAddress.ERROR && Long.compareUnsigned(last, device.addressLimit()) <= 0;
  }
}
