package io.dmascope.model.mapping;

import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaAllocSgt;
import io.dmascope.model.event.DmaFree;
import io.dmascope.model.event.DmaFreeSgt;
import io.dmascope.model.finding.MappingKind;

/* hot path */
/** {@code dma_alloc}, {@code dma_alloc_pages}, {@code dma_alloc_sgt} and their frees. */
final class AllocEvents extends ReplayStep {
  private final NewObjects made;
  private final EndedObjects ended;

  AllocEvents(ReplayContext context, NewObjects made, EndedObjects ended) {
    super(context);
    this.made = made;
    this.ended = ended;
  }

  Device apply(DmaAlloc alloc) {
    Device device = used(alloc.device());
    if (alloc.failed()) {
      return failed(device);
    }
    MappingKind kind = MappingKinds.of(alloc.api());
    MappedObject object =
        state
            .mappings()
            .addSingle(
                device,
                kind,
                alloc.direction(),
                alloc.attrs(),
                alloc.dmaAddr(),
                alloc.sizeBytes(),
                alloc.cpuAddr(),
                alloc.header());
    begin(Op.ALLOC, alloc.header(), device, kind, alloc.direction());
    made.complete(object, false);
    judge();
    return device;
  }

  Device apply(DmaAllocSgt alloc) {
    Device device = used(alloc.device());
    if (alloc.failed()) {
      return failed(device);
    }
    MappedObject object =
        state
            .mappings()
            .addSingle(
                device,
                MappingKind.NONCONTIGUOUS,
                alloc.direction(),
                alloc.attrs(),
                alloc.dmaAddr(),
                alloc.sizeBytes(),
                alloc.physAddrs().isEmpty() ? 0 : alloc.physAddrs().at(0),
                alloc.header());
    begin(Op.ALLOC, alloc.header(), device, MappingKind.NONCONTIGUOUS, alloc.direction());
    made.complete(object, false);
    judge();
    return device;
  }

  Device apply(DmaFree free) {
    if (free.ofNull()) {
      return null;
    }
    Device device = used(free.device());
    begin(Op.FREE, free.header(), device, MappingKinds.of(free.api()), free.direction());
    t.attrs = free.attrs();
    t.attrsTraced = free.api() == AllocApi.COHERENT;
    t.cpuAddr = free.cpuAddr();
    ended.endThenClose(free.dmaAddr(), free.sizeBytes());
    return device;
  }

  Device apply(DmaFreeSgt free) {
    Device device = used(free.device());
    begin(Op.FREE, free.header(), device, MappingKind.NONCONTIGUOUS, free.direction());
    ended.endThenClose(free.dmaAddr(), free.sizeBytes());
    return device;
  }
}
