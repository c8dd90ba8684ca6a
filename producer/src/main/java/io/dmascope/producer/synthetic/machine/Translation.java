package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.IommuBackend;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.backend.MappingBackend;
import io.dmascope.model.backend.PageTableRun;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.SwiotlbBounce;

/**
 * What stands between one device and memory, with what its tracepoints tell: page tables and bounce
 * buffers. A fault may make them do what no honest call would.
 */
public final class Translation /* hot path */ {
  static final long GRANULE = Memory.PAGE_SIZE;

  private final Machine machine;
  private final Recorder recorder;
  private final MappingBackend backend;
  private final IommuBackend iommu;
  private final PageTables tables;
  private final String device;
  private boolean bounced;

  Translation(Machine machine, MappingBackend backend) {
    this.machine = machine;
    this.recorder = machine.recorder();
    this.backend = backend;
    this.iommu = backend instanceof IommuBackend translating ? translating : null;
    this.tables = iommu != null && machine.mischief() != null ? new PageTables() : null;
    this.device = backend.device().name();
  }

  MappingBackend backend() {
    return backend;
  }

  /** Null without an IOMMU. */
  IommuBackend iommu() {
    return iommu;
  }

  boolean bounced() {
    return bounced;
  }

  /** Emits what a mapping needed: bounces and page-table runs. */
  void traceMade(Context at, Mapping mapping) {
    for (Mapping.Bounce bounce : mapping.bounces()) {
      traceBounce(at, bounce.physAddr(), bounce.sizeBytes());
    }
    for (PageTableRun run : mapping.pageTableRuns()) {
      traceMap(at, run);
    }
  }

  /** Makes page tables that no event told of. */
  void complete(Mapping mapping) {
    if (tables != null) {
      mapping.pageTableRuns().forEach(tables::map);
    }
  }

  public void traceBounce(Context at, long physAddr, long sizeBytes) {
    bounced = true;
    recorder.emit(
        new SwiotlbBounce(
            recorder.header(at),
            device,
            backend.device().dmaMask(),
            physAddr,
            sizeBytes,
            machine.backend() == Backend.SWIOTLB));
  }

  /** Emits an {@code iommu:map} alone; returns its sequence. */
  public long traceMap(Context at, PageTableRun run) {
    if (tables != null) {
      tables.map(run);
    }
    return recorder.emit(
        new IommuMap(recorder.header(at), run.iova(), run.physAddr(), run.sizeBytes()));
  }

  /** Undoes a mapping as it was made. */
  void undo(Context at, Mapping mapping, DmaDirection direction, long attrs) {
    if (iommu != null && mapping.iovaSizeBytes() != 0) {
      if (tables != null && !tables.translates(mapping.iova())) {
        return; // the kernel finds nothing there, warns, and frees nothing
      }
      remove(at, mapping.iova(), mapping.iovaSizeBytes());
    }
    backend.unmap(mapping, direction, attrs, machine.moment(at));
  }

  /** Clears page tables and emits {@code iommu:unmap}; returns its sequence. */
  public long remove(Context at, long iova, long sizeBytes) {
    long unmapped = tables == null ? sizeBytes : tables.unmap(iova, sizeBytes);
    return recorder.emit(new IommuUnmap(recorder.header(at), iova, sizeBytes, unmapped));
  }

  /** True where page tables lead anywhere from there. */
  boolean translates(long dmaAddr) {
    return tables.translates(dmaAddr);
  }

  /** __iommu_dma_unmap() of a range that a driver names; what it frees may be in use. */
  void removeNamed(Context at, long dmaAddr, long sizeBytes) {
    long iova = dmaAddr & -GRANULE;
    long size = ((dmaAddr + sizeBytes + GRANULE - 1) & -GRANULE) - iova;
    remove(at, iova, size);
    if (iommu.domain().isLazy()) {
      iommu.domain().queue().queue(iova, size, machine.moment(at));
    } else {
      iommu.domain().space().free(iova, size, machine.moment(at));
    }
  }

  /** The device touches an address that it may not: {@code iommu:io_page_fault}. */
  public long traceFault(Context at, long iova, boolean write) {
    return recorder.emit(
        new IoPageFault(
            recorder.header(at), device, "dmascope", iova, write ? 1 : 0, write, write, 0));
  }

  /** Lets a page-table entry vanish without a trace, as a broken IOMMU driver may. */
  public void tear(long iova, long sizeBytes) {
    tables.unmap(iova, sizeBytes);
  }
}
