package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.IommuBackend;
import io.dmascope.model.backend.IovaTransaction;
import io.dmascope.model.backend.MapResult;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.backend.MappingBackend;
import io.dmascope.model.backend.PageTableRun;
import io.dmascope.model.backend.SwiotlbPool;
import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaAlloc;
import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaBufEvent;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaFree;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaSync;
import io.dmascope.model.event.DmaSyncSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.IoPageFault;
import io.dmascope.model.event.IommuMap;
import io.dmascope.model.event.IommuUnmap;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.SwiotlbBounce;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.event.U64List;
import io.dmascope.model.scatterlist.PhysList;
import java.util.Arrays;
import java.util.Optional;

/**
 * The DMA API of one device: does what {@code kernel/dma/mapping.c} does and emits what its
 * tracepoints emit, where they emit it.
 *
 * <pre>
 *   dma_map_page     [swiotlb_bounced] [iommu:map]   then dma_map_page
 *   dma_unmap_page   [iommu:unmap]                   then dma_unmap_page
 *   dma_map_sg       [iommu:map, one a run]          then dma_map_sg, nothing where it fails
 *   dma_unmap_sg     dma_unmap_sg                    then [iommu:unmap, one a list]
 *   dma_alloc        [iommu:map]                     then dma_alloc
 *   dma_free         dma_free                        then [iommu:unmap]
 * </pre>
 */
public final class DmaDevice /* hot path */ {
  /** include/trace/events/dma.h DMA_TRACE_MAX_ENTRIES. */
  private static final int TRACED_ENTRIES_MAX = 128;

  /** What one event can hold: a page less the headers of page and event. */
  private static final int EVENT_BYTES_MAX = 4072;

  /** The fixed fields of {@code dma_unmap_sg} and {@code dma_sync_sg_*}, and the device's name. */
  private static final int SG_EVENT_BYTES = 32 + 16;

  private static final long GRANULE = Memory.PAGE_SIZE;

  /** The count that really came back. */
  public static final int COUNT_AS_RETURNED = -1;

  private final Machine machine;
  private final Recorder recorder;
  private final MappingBackend backend;
  private final IommuBackend iommu;
  private final PageTables tables;
  private final String name;
  private boolean bounced;
  private long mappings;

  DmaDevice(Machine machine, MappingBackend backend) {
    this.machine = machine;
    this.recorder = machine.recorder();
    this.backend = backend;
    this.iommu = backend instanceof IommuBackend translating ? translating : null;
    this.tables = iommu != null && machine.mischief() != null ? new PageTables() : null;
    this.name = backend.device().name();
  }

  /** {@code dev_name()}. */
  public String name() {
    return name;
  }

  public Machine machine() {
    return machine;
  }

  public DeviceParameters parameters() {
    return backend.device();
  }

  public boolean translated() {
    return iommu != null;
  }

  /** True where a mapping of this device went through swiotlb. */
  public boolean bounced() {
    return bounced;
  }

  /** Single mappings tried so far. */
  public long mappings() {
    return mappings;
  }

  /**
   * {@code dma_dev_need_sync()}: without it syncs do nothing, and are not traced. The first bounce
   * sets it for good.
   */
  public boolean needsSync() {
    return machine.dmaDebug() || bounced || !parameters().coherent();
  }

  /** {@code dma_need_unmap()}: without it a driver may leave out unmaps. */
  public boolean needsUnmap() {
    return translated() || needsSync();
  }

  /**
   * True where drivers leave out no unmap, be it that they must not or that they do not know how.
   */
  public boolean unmapsAll() {
    return needsUnmap() || !machine.generation().hasTwoStepMapping();
  }

  /** {@code dma_max_mapping_size()}: more than this cannot be bounced. */
  public long maxMappingSize() {
    boolean mayBounce =
        machine.backend() == Backend.SWIOTLB
            || (iommu == null && parameters().addressLimit() == 0xffff_ffffL);
    if (!mayBounce) {
      return Long.MAX_VALUE;
    }
    int slot = SwiotlbPool.SLOT_BYTES;
    return SwiotlbPool.MAPPING_BYTES_MAX - (parameters().minAlignMask() + slot - 1L) / slot * slot;
  }

  /** {@code dma_map_page()}. */
  public Single mapPage(
      Context at, long physAddr, long sizeBytes, DmaDirection direction, long attrs) {
    MapApi api = machine.generation().pageApi();
    return map(at, api, physAddr, sizeBytes, direction, attrs);
  }

  /** {@code dma_map_resource()}. */
  public Single mapResource(Context at, long physAddr, long sizeBytes, DmaDirection direction) {
    MapApi api = machine.generation().resourceApi();
    return map(at, api, physAddr, sizeBytes, direction, DmaAttrs.MMIO);
  }

  private Single map(
      Context at, MapApi api, long physAddr, long sizeBytes, DmaDirection direction, long attrs) {
    Mischief mischief = machine.mischief();
    if (mischief != null) {
      Single instead = mischief.insteadOfMap(at, this, api, physAddr, sizeBytes, direction, attrs);
      if (instead != null) {
        check(at, instead.dmaAddr());
        return instead;
      }
    }
    Single single = mapHonestly(at, api, physAddr, sizeBytes, direction, attrs);
    check(at, single.dmaAddr());
    if (mischief != null && !single.failed()) {
      mischief.mapped(at, single);
    }
    return single;
  }

  /** {@code dma_mapping_error()}, which every driver asks; only a recorder of probes sees it. */
  public void check(Context at, long dmaAddr) {
    if (machine.probes()) {
      recorder.emit(new ProbeEvent.MappingErrorCheck(recorder.header(at), name, dmaAddr));
    }
  }

  /** A mapping as it should be, whatever mischief there is; it is not checked. */
  public Single mapHonestly(
      Context at, MapApi api, long physAddr, long sizeBytes, DmaDirection direction, long attrs) {
    return mapElsewhere(at, api, physAddr, physAddr, sizeBytes, direction, attrs);
  }

  /**
   * A mapping of memory at {@code reallyAddr} that is said to be of memory at {@code physAddr}: the
   * same thing unless the kernel is broken.
   */
  public Single mapElsewhere(
      Context at,
      MapApi api,
      long physAddr,
      long reallyAddr,
      long sizeBytes,
      DmaDirection direction,
      long attrs) {
    mappings++;
    MapResult result = backend.mapPhys(reallyAddr, sizeBytes, direction, attrs, machine.moment(at));
    Mapping mapping = result instanceof Mapping made ? made : null;
    if (mapping == null) {
      traceRefusedBounce(at, physAddr, sizeBytes, attrs);
    } else {
      traceMade(at, mapping);
    }
    long dmaAddr = mapping == null ? DmaAddress.ERROR : mapping.dmaAddrs().at(0);
    long mappedAt = traceMap(at, api, physAddr, sizeBytes, direction, attrs, dmaAddr);
    return new Single(this, api, physAddr, sizeBytes, direction, attrs, dmaAddr, mapping, mappedAt);
  }

  private void traceRefusedBounce(Context at, long physAddr, long sizeBytes, long attrs) {
    boolean mayBounce = (attrs & (DmaAttrs.MMIO | DmaAttrs.REQUIRE_COHERENT)) == 0;
    if (iommu == null && mayBounce) {
      traceBounce(at, physAddr, sizeBytes);
    }
  }

  /** Emits the event of a single mapping alone; returns its sequence. */
  public long traceMap(
      Context at,
      MapApi api,
      long physAddr,
      long sizeBytes,
      DmaDirection direction,
      long attrs,
      long dmaAddr) {
    return recorder.emit(
        new DmaMap(
            recorder.header(at),
            name,
            api,
            direction,
            dmaAddr,
            sizeBytes,
            physAddr,
            traced(attrs)));
  }

  /** {@code dma_unmap_page()} or {@code dma_unmap_resource()} of a successful mapping. */
  public void unmap(Context at, Single single) {
    Mischief mischief = machine.mischief();
    if (mischief == null || !mischief.insteadOfUnmap(at, single)) {
      unmapNow(at, single);
    }
  }

  /** The unmap as it should be, whatever mischief there is. Returns the sequence of the event. */
  public long unmapNow(Context at, Single single) {
    undo(at, single.mapping(), single.direction(), single.attrs());
    return traceUnmap(
        at, single.api(), single.dmaAddr(), single.sizeBytes(), single.direction(), single.attrs());
  }

  /**
   * An unmap with whatever values the driver passes: the page tables lose what they name, as far as
   * it is there. Returns the sequence of the event.
   *
   * @param about the mapping that the driver means, whose bounce buffer is released; or null
   */
  public long unmapRaw(
      Context at,
      Single about,
      MapApi api,
      long dmaAddr,
      long sizeBytes,
      DmaDirection direction,
      long attrs) {
    if (iommu == null && about != null) {
      backend.unmap(about.mapping(), direction, attrs, machine.moment(at));
    } else if (iommu != null && tables.translates(dmaAddr)) {
      removeRaw(at, dmaAddr, sizeBytes);
    }
    return traceUnmap(at, api, dmaAddr, sizeBytes, direction, attrs);
  }

  /** __iommu_dma_unmap() of a range that a driver names; what it frees may be in use. */
  private void removeRaw(Context at, long dmaAddr, long sizeBytes) {
    long iova = dmaAddr & -GRANULE;
    long size = ((dmaAddr + sizeBytes + GRANULE - 1) & -GRANULE) - iova;
    removeTranslation(at, iova, size);
    if (iommu.domain().isLazy()) {
      iommu.domain().queue().queue(iova, size, machine.moment(at));
    } else {
      iommu.domain().space().free(iova, size, machine.moment(at));
    }
  }

  /** Emits the event of a single unmap alone; returns its sequence. */
  public long traceUnmap(
      Context at, MapApi api, long dmaAddr, long sizeBytes, DmaDirection direction, long attrs) {
    return recorder.emit(
        new DmaUnmap(recorder.header(at), name, api, direction, dmaAddr, sizeBytes, traced(attrs)));
  }

  /** {@code dma_map_sg()}: null where it fails, of which nothing is traced. */
  public SgMapping mapSg(Context at, PhysList list, DmaDirection direction, long attrs) {
    Mischief mischief = machine.mischief();
    if (mischief == null) {
      return mapSgCounting(at, list, direction, attrs, COUNT_AS_RETURNED);
    }
    SgMapping instead = mischief.insteadOfMapSg(at, this, list, direction, attrs);
    if (instead != null) {
      return instead;
    }
    SgMapping made = mapSgCounting(at, list, direction, attrs, COUNT_AS_RETURNED);
    if (made != null) {
      mischief.mapped(at, made);
    }
    return made;
  }

  /**
   * {@code dma_map_sg()} of a kernel that miscounts; null where it fails.
   *
   * @param ents what it says that came back, or {@link #COUNT_AS_RETURNED}
   */
  public SgMapping mapSgCounting(
      Context at, PhysList list, DmaDirection direction, long attrs, int ents) {
    MapResult result = backend.mapSg(list, direction, attrs, machine.moment(at));
    if (!(result instanceof Mapping mapping)) {
      return null;
    }
    traceMade(at, mapping);
    int counted = ents == COUNT_AS_RETURNED ? mapping.ents() : ents;
    long mappedAt = traceMapSg(at, list, direction, attrs, mapping, counted);
    return new SgMapping(this, list, direction, attrs, mapping, mappedAt);
  }

  private long traceMapSg(
      Context at, PhysList list, DmaDirection direction, long attrs, Mapping mapping, int ents) {
    int traced = Math.min(mapping.ents(), TRACED_ENTRIES_MAX);
    return recorder.emit(
        new DmaMapSg(
            recorder.header(at),
            name,
            direction,
            list.size(),
            ents,
            physAddrs(list, Math.min(list.size(), TRACED_ENTRIES_MAX)),
            head(mapping.dmaAddrs(), traced),
            head(mapping.lengths(), traced),
            traced(attrs)));
  }

  /** {@code dma_unmap_sg()}. */
  public void unmapSg(Context at, SgMapping list) {
    Mischief mischief = machine.mischief();
    if (mischief == null || !mischief.insteadOfUnmap(at, list)) {
      unmapSgNow(at, list);
    }
  }

  /** The unmap as it should be, whatever mischief there is. Returns the sequence of the event. */
  public long unmapSgNow(Context at, SgMapping list) {
    long sequence = traceUnmapSg(at, list, list.nents(), list.direction(), list.attrs());
    undo(at, list.mapping(), list.direction(), list.attrs());
    return sequence;
  }

  /**
   * An unmap of the list with whatever count and direction the driver passes. Returns the sequence
   * of the event.
   *
   * @param mapped whether the list still is
   */
  public long unmapSgRaw(
      Context at, SgMapping list, int nents, DmaDirection direction, boolean mapped) {
    long sequence = traceUnmapSg(at, list, nents, direction, list.attrs());
    if (!mapped) {
      return sequence;
    }
    if (iommu == null) {
      backend.unmap(list.mapping(), direction, list.attrs(), machine.moment(at));
      return sequence;
    }
    removeListed(at, list.mapping(), Math.min(nents, list.ents()));
    return sequence;
  }

  /** iommu_dma_unmap_sg(): from the first entry to the last, bus addresses left out. */
  private void removeListed(Context at, Mapping mapping, int entries) {
    long start = 0;
    long end = 0;
    for (int i = 0; i < entries; i++) {
      if (!mapping.isBusAddress(i)) {
        start = end == 0 ? mapping.dmaAddrs().at(i) : start;
        end = mapping.dmaAddrs().at(i) + mapping.lengths().at(i);
      }
    }
    if (end != 0) {
      removeRaw(at, start, end - start);
    }
  }

  /** Returns the sequence, also of an event that is too large to be recorded. */
  private long traceUnmapSg(
      Context at, SgMapping list, int nents, DmaDirection direction, long attrs) {
    if (SG_EVENT_BYTES + 8L * nents > EVENT_BYTES_MAX) {
      return recorder.nextSequence();
    }
    return recorder.emit(
        new DmaUnmapSg(
            recorder.header(at), name, direction, physAddrs(list.list(), nents), traced(attrs)));
  }

  /** {@code dma_alloc_coherent()}: pages of the device's own domain, or contiguous memory. */
  public Coherent alloc(Context at, long sizeBytes, long attrs) {
    return alloc(at, AllocApi.COHERENT, sizeBytes, DmaDirection.BIDIRECTIONAL, attrs);
  }

  /** {@code dma_alloc_pages()}: contiguous memory that needs syncs. */
  public Coherent allocPages(Context at, long sizeBytes, DmaDirection direction) {
    return alloc(at, AllocApi.PAGES, sizeBytes, direction, 0);
  }

  private Coherent alloc(
      Context at, AllocApi api, long sizeBytes, DmaDirection direction, long attrs) {
    PhysList pages = memoryFor(api, sizeBytes);
    Mapping mapping = null;
    long dmaAddr = pages.physAddr(0);
    if (iommu != null) {
      MapResult result = backend.mapSg(pages, direction, attrs, machine.moment(at));
      mapping = result instanceof Mapping made ? made : null;
      if (mapping == null) {
        throw new IllegalStateException("no room for %d bytes of %s".formatted(sizeBytes, name));
      }
      traceMade(at, mapping);
      dmaAddr = mapping.dmaAddrs().at(0);
    }
    long cpuAddr = machine.virtAddr(pages.physAddr(0));
    long mappedAt =
        recorder.emit(
            new DmaAlloc(
                recorder.header(at),
                name,
                api,
                direction,
                dmaAddr,
                sizeBytes,
                cpuAddr,
                false,
                "GFP_KERNEL",
                attrs));
    return new Coherent(
        this, api, direction, attrs, dmaAddr, sizeBytes, cpuAddr, pages, mapping, mappedAt);
  }

  /** iommu_dma_alloc_remap() takes single pages; everything else needs them in one piece. */
  private PhysList memoryFor(AllocApi api, long sizeBytes) {
    PhysList pages = new PhysList();
    Memory memory = machine.memory();
    int order = Memory.order(sizeBytes);
    if (iommu == null || api == AllocApi.PAGES || order == 0) {
      return pages.add(memory.block(order), (sizeBytes + GRANULE - 1) & -GRANULE);
    }
    for (long done = 0; done < sizeBytes; done += GRANULE) {
      pages.add(memory.page(), GRANULE);
    }
    return pages;
  }

  /** {@code dma_free_coherent()} or {@code dma_free_pages()}. */
  public void free(Context at, Coherent buffer) {
    Mischief mischief = machine.mischief();
    if (mischief == null || !mischief.insteadOfFree(at, buffer)) {
      freeRaw(at, buffer, buffer.sizeBytes(), buffer.cpuAddr(), buffer.direction());
    }
  }

  /** A free with whatever values the driver passes. Returns the sequence of the event. */
  public long freeRaw(
      Context at, Coherent buffer, long sizeBytes, long cpuAddr, DmaDirection direction) {
    long sequence = traceFree(at, buffer, sizeBytes, cpuAddr, direction);
    if (buffer.mapping() == null) {
      giveBack(buffer);
    } else if (sizeBytes == buffer.sizeBytes()) {
      undo(at, buffer.mapping(), direction, buffer.attrs());
      giveBack(buffer);
    } else {
      removeRaw(at, buffer.dmaAddr(), sizeBytes);
    }
    return sequence;
  }

  /** Emits the event of a free alone; returns its sequence. */
  public long traceFree(
      Context at, Coherent buffer, long sizeBytes, long cpuAddr, DmaDirection direction) {
    return recorder.emit(
        new DmaFree(
            recorder.header(at),
            name,
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
      machine.memory().free(pages.physAddr(i), Memory.order(pages.length(i)));
    }
  }

  /** {@code dma_sync_single_for_cpu()} or {@code _for_device()} of a part of a mapping. */
  public void sync(Context at, Single single, SyncTarget target, long offset, long sizeBytes) {
    if (needsSync()) {
      traceSync(at, target, single.direction(), single.dmaAddr() + offset, sizeBytes);
    }
  }

  /** Emits the event of a sync alone; returns its sequence. */
  public long traceSync(
      Context at, SyncTarget target, DmaDirection direction, long dmaAddr, long sizeBytes) {
    return recorder.emit(
        new DmaSync(recorder.header(at), name, target, direction, dmaAddr, sizeBytes));
  }

  /** {@code dma_sync_sg_for_cpu()} or {@code _for_device()}. */
  public void syncSg(Context at, SgMapping list, SyncTarget target) {
    if (needsSync()) {
      traceSyncSg(at, list, target, list.direction(), list.nents());
    }
  }

  /**
   * Emits the event of a list's sync alone; returns its sequence, also of an event that is too
   * large to be recorded. Entries past the mapped count read as the error cookie.
   */
  public long traceSyncSg(
      Context at, SgMapping list, SyncTarget target, DmaDirection direction, int nents) {
    if (SG_EVENT_BYTES + 12L * nents > EVENT_BYTES_MAX) {
      return recorder.nextSequence();
    }
    long[] dmaAddrs = new long[nents];
    long[] lengths = new long[nents];
    Arrays.fill(dmaAddrs, DmaAddress.ERROR);
    int mapped = Math.min(nents, list.ents());
    for (int i = 0; i < mapped; i++) {
      dmaAddrs[i] = list.mapping().dmaAddrs().at(i);
      lengths[i] = list.mapping().lengths().at(i);
    }
    return recorder.emit(
        new DmaSyncSg(
            recorder.header(at),
            name,
            target,
            direction,
            U64List.wrap(dmaAddrs),
            U64List.wrap(lengths)));
  }

  /**
   * {@code dma_iova_try_alloc()}, {@code dma_iova_link()} of each piece and {@code
   * dma_iova_sync()}: only page tables tell of it. Empty without an IOMMU.
   */
  public Optional<IovaTransaction> link(Context at, PhysList list, long attrs) {
    if (iommu == null) {
      return Optional.empty();
    }
    Optional<IovaTransaction> transaction =
        IovaTransaction.tryAllocate(iommu, list.physAddr(0), list.totalBytes(), machine.moment(at));
    transaction.ifPresent(made -> linkAll(at, made, list, attrs));
    return transaction;
  }

  private void linkAll(Context at, IovaTransaction made, PhysList list, long attrs) {
    long offset = 0;
    for (int i = 0; i < list.size(); i++) {
      if (made.link(list.physAddr(i), offset, list.length(i), attrs).isPresent()) {
        throw new IllegalStateException(
            "pieces do not tile [device=%s] [list=%s]".formatted(name, list));
      }
      offset += list.length(i);
    }
    made.sync();
    made.links().forEach(run -> traceTranslation(at, run));
  }

  /** {@code dma_iova_destroy()}. */
  public void destroy(Context at, IovaTransaction transaction) {
    PageTableRun first = transaction.links().getFirst();
    PageTableRun last = transaction.links().getLast();
    removeTranslation(at, first.iova(), last.iova() + last.sizeBytes() - first.iova());
    transaction.destroy(machine.moment(at));
  }

  /** {@code dma_buf_attach()}; null where the kernel does not trace it. */
  public Attachment attach(
      Context at, String exporter, long sizeBytes, long inode, long pointer, boolean dynamic) {
    long attachedAt =
        traceBuffer(at, DmaBufEvent.Kind.ATTACH, exporter, sizeBytes, inode, pointer, dynamic);
    return new Attachment(this, exporter, sizeBytes, inode, pointer, dynamic, attachedAt);
  }

  /** {@code dma_buf_detach()}. */
  public void detach(Context at, Attachment attachment) {
    traceDetach(at, attachment);
    if (machine.mischief() != null) {
      machine.mischief().detached(at, attachment);
    }
  }

  /** Emits the event of a detach alone; returns its sequence. */
  public long traceDetach(Context at, Attachment a) {
    return traceBuffer(
        at,
        DmaBufEvent.Kind.DETACH,
        a.exporter(),
        a.sizeBytes(),
        a.inode(),
        a.attachment(),
        a.dynamic());
  }

  private long traceBuffer(
      Context at,
      DmaBufEvent.Kind kind,
      String exporter,
      long sizeBytes,
      long inode,
      long pointer,
      boolean dynamic) {
    return recorder.emit(
        new DmaBufEvent(
            recorder.header(at),
            kind,
            exporter,
            sizeBytes,
            inode,
            EventHeader.UNKNOWN,
            pointer,
            dynamic,
            name));
  }

  /** Emits what a mapping needed: bounces and page-table runs. */
  private void traceMade(Context at, Mapping mapping) {
    for (Mapping.Bounce bounce : mapping.bounces()) {
      traceBounce(at, bounce.physAddr(), bounce.sizeBytes());
    }
    for (PageTableRun run : mapping.pageTableRuns()) {
      traceTranslation(at, run);
    }
  }

  private void traceBounce(Context at, long physAddr, long sizeBytes) {
    bounced = true;
    recorder.emit(
        new SwiotlbBounce(
            recorder.header(at),
            name,
            parameters().dmaMask(),
            physAddr,
            sizeBytes,
            machine.backend() == Backend.SWIOTLB));
  }

  /** Emits an {@code iommu:map} alone; returns its sequence. */
  public long traceTranslation(Context at, PageTableRun run) {
    if (tables != null) {
      tables.map(run);
    }
    return recorder.emit(
        new IommuMap(recorder.header(at), run.iova(), run.physAddr(), run.sizeBytes()));
  }

  private void undo(Context at, Mapping mapping, DmaDirection direction, long attrs) {
    if (iommu != null && mapping.iovaSizeBytes() != 0) {
      if (tables != null && !tables.translates(mapping.iova())) {
        return; // the kernel finds nothing there, warns, and frees nothing
      }
      removeTranslation(at, mapping.iova(), mapping.iovaSizeBytes());
    }
    backend.unmap(mapping, direction, attrs, machine.moment(at));
  }

  /** Emits an {@code iommu:unmap}; returns its sequence. */
  public long removeTranslation(Context at, long iova, long sizeBytes) {
    long unmapped = tables == null ? sizeBytes : tables.unmap(iova, sizeBytes);
    return recorder.emit(new IommuUnmap(recorder.header(at), iova, sizeBytes, unmapped));
  }

  /** The device touches an address that it may not: {@code iommu:io_page_fault}. */
  public long traceFault(Context at, long iova, boolean write) {
    return recorder.emit(
        new IoPageFault(
            recorder.header(at), name, "dmascope", iova, write ? 1 : 0, write, write, 0));
  }

  /** Lets a page-table entry vanish without a trace, as a broken IOMMU driver may. */
  public void tear(long iova, long sizeBytes) {
    tables.unmap(iova, sizeBytes);
  }

  private long traced(long attrs) {
    return machine.generation().tracesMmio() ? attrs : attrs & ~DmaAttrs.MMIO;
  }

  private static U64List physAddrs(PhysList list, int count) {
    long[] addrs = new long[count];
    for (int i = 0; i < count; i++) {
      addrs[i] = list.physAddr(i);
    }
    return U64List.wrap(addrs);
  }

  private static U64List head(U64List list, int count) {
    return count == list.size() ? list : U64List.wrap(Arrays.copyOf(list.toArray(), count));
  }
}
