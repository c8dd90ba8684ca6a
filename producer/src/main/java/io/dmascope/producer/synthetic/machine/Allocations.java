package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.MapResult;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaFree;
import io.dmascope.model.scatterlist.PhysList;

/** Memory that the kernel takes and maps at once: {@code dma_alloc_*} and {@code dma_free_*}. */
public final class Allocations {
  private final DmaDevice device;
  private final Translation translation;
  private final Machine machine;
  private final Recorder recorder;

  Allocations(DmaDevice device, Translation translation) {
    this.device = device;
    this.translation = translation;
    this.machine = device.machine();
    this.recorder = machine.recorder();
  }

  Coherent alloc(Context at, AllocApi api, long sizeBytes, DmaDirection direction, long attrs) {
    PhysList pages = memoryFor(api, sizeBytes);
    Mapping mapping = device.translated() ? map(at, pages, direction, attrs) : null;
    long dmaAddr = mapping == null ? pages.physAddr(0) : mapping.dmaAddrs().at(0);
    long cpuAddr = machine.virtAddr(pages.physAddr(0));
    long mappedAt =
        recorder.emit(
            new DmaAlloc(
                recorder.header(at),
                device.name(),
                api,
                direction,
                dmaAddr,
                sizeBytes,
                cpuAddr,
                false,
                "GFP_KERNEL",
                attrs));
    return new Coherent(
        device, api, direction, attrs, dmaAddr, sizeBytes, cpuAddr, pages, mapping, mappedAt);
  }

  private Mapping map(Context at, PhysList pages, DmaDirection direction, long attrs) {
    MapResult result = translation.backend().mapSg(pages, direction, attrs, machine.moment(at));
    if (!(result instanceof Mapping mapping)) {
      throw new IllegalStateException(
          "no room for %d bytes of %s".formatted(pages.totalBytes(), device.name()));
    }
    translation.traceMade(at, mapping);
    return mapping;
  }

  /** iommu_dma_alloc_remap() takes single pages; everything else needs them in one piece. */
  private PhysList memoryFor(AllocApi api, long sizeBytes) {
    PhysList pages = new PhysList();
    Memory memory =
        machine.memoryBelow(device.translated() ? -1L : device.parameters().addressLimit());
    int order = Memory.order(sizeBytes);
    if (!device.translated() || api == AllocApi.PAGES || order == 0) {
      long whole = (sizeBytes + Memory.PAGE_SIZE - 1) & -Memory.PAGE_SIZE;
      return pages.add(memory.block(order), whole);
    }
    for (long done = 0; done < sizeBytes; done += Memory.PAGE_SIZE) {
      pages.add(memory.page(), Memory.PAGE_SIZE);
    }
    return pages;
  }

  /** A free with whatever values the driver passes. Returns the sequence of the event. */
  public long freeNamed(
      Context at, Coherent buffer, long sizeBytes, long cpuAddr, DmaDirection direction) {
    long sequence = traceFree(at, buffer, sizeBytes, cpuAddr, direction);
    if (buffer.mapping() == null) {
      giveBack(buffer);
    } else if (sizeBytes == buffer.sizeBytes()) {
      translation.undo(at, buffer.mapping(), direction, buffer.attrs());
      giveBack(buffer);
    } else {
      translation.removeNamed(at, buffer.dmaAddr(), sizeBytes);
    }
    return sequence;
  }

  private long traceFree(
      Context at, Coherent buffer, long sizeBytes, long cpuAddr, DmaDirection direction) {
    return recorder.emit(
        new DmaFree(
            recorder.header(at),
            device.name(),
            buffer.api(),
            direction,
            buffer.dmaAddr(),
            sizeBytes,
            cpuAddr,
            false,
            buffer.attrs()));
  }

  private void giveBack(Coherent buffer) {
    PhysList pages = buffer.pages();
    for (int i = 0; i < pages.size(); i++) {
      machine.memoryAt(pages.physAddr(i)).free(pages.physAddr(i), Memory.order(pages.length(i)));
    }
  }
}
