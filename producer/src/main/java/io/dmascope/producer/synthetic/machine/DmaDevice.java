package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.DeviceParameters;
import io.dmascope.model.backend.MappingBackend;
import io.dmascope.model.backend.SwiotlbPool;
import io.dmascope.model.event.AllocApi;
import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.ProbeEvent;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.scatterlist.PhysList;
import java.util.Optional;

/**
 * The DMA API of one device, as its driver calls it: does what {@code kernel/dma/mapping.c} does
 * and emits what its tracepoints emit, where they emit it.
 *
 * <pre>
 *   dma_map_page     [swiotlb_bounced] [iommu:map]   then dma_map_page
 *   dma_unmap_page   [iommu:unmap]                   then dma_unmap_page
 *   dma_map_sg       [iommu:map, one a run]          then dma_map_sg, nothing where it fails
 *   dma_unmap_sg     dma_unmap_sg                    then [iommu:unmap, one a list]
 *   dma_alloc        [iommu:map]                     then dma_alloc
 *   dma_free         dma_free                        then [iommu:unmap]
 * </pre>
 *
 * Before each call that could be done wrong the {@link Mischief} of the machine is asked; what the
 * kernel then does is in {@link Singles}, {@link Lists} and the other parts, which a mischief may
 * call itself with whatever values it likes.
 */
public final class DmaDevice {
  private final Machine machine;
  private final DeviceParameters parameters;
  private final Translation translation;
  private final Singles singles;
  private final Lists lists;
  private final Allocations allocations;
  private final TwoStep twoStep;
  private final SharedBuffers buffers;
  private final int ordinal;

  DmaDevice(Machine machine, MappingBackend backend) {
    this.machine = machine;
    this.ordinal = machine.devices().size();
    this.parameters = backend.device();
    this.translation = new Translation(machine, backend);
    this.singles = new Singles(this, translation);
    this.lists = new Lists(this, translation);
    this.allocations = new Allocations(this, translation);
    this.twoStep = new TwoStep(this, translation);
    this.buffers = new SharedBuffers(this);
  }

  /** {@code dev_name()}. */
  public String name() {
    return parameters.name();
  }

  public Machine machine() {
    return machine;
  }

  public DeviceParameters parameters() {
    return parameters;
  }

  public Translation translation() {
    return translation;
  }

  public Singles singles() {
    return singles;
  }

  public Lists lists() {
    return lists;
  }

  public Allocations allocations() {
    return allocations;
  }

  public SharedBuffers buffers() {
    return buffers;
  }

  public TwoStep twoStep() {
    return twoStep;
  }

  /** How many devices were there before it. */
  int ordinal() {
    return ordinal;
  }

  public boolean translated() {
    return translation.iommu() != null;
  }

  /** True where a mapping of this device went through swiotlb. */
  public boolean bounced() {
    return translation.bounced();
  }

  /** Single mappings tried so far. */
  public long mappings() {
    return singles.made();
  }

  /**
   * {@code dma_dev_need_sync()}: without it syncs do nothing, and are not traced. The first bounce
   * sets it for good.
   */
  public boolean needsSync() {
    return machine.dmaDebug() || bounced() || !parameters.coherent();
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
            || (!translated() && parameters.addressLimit() == 0xffff_ffffL);
    if (!mayBounce) {
      return Long.MAX_VALUE;
    }
    int slot = SwiotlbPool.SLOT_BYTES;
    return SwiotlbPool.MAPPING_BYTES_MAX - (parameters.minAlignMask() + slot - 1L) / slot * slot;
  }

  /** {@code dma_map_page()}. */
  public Single mapPage(
      Context at, long physAddr, long sizeBytes, DmaDirection direction, long attrs) {
    return map(at, machine.generation().pageApi(), physAddr, sizeBytes, direction, attrs);
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
    Single single = singles.map(at, api, physAddr, sizeBytes, direction, attrs);
    check(at, single.dmaAddr());
    if (mischief != null && !single.failed()) {
      mischief.mapped(at, single);
    }
    return single;
  }

  /** A driver was bound ({@code driver_bound()}), or lets go of the device. */
  public void bound(Context at, boolean bound) {
    if (!bound && machine.mischief() != null) {
      machine.mischief().unbinding(at, this);
    }
    if (machine.probes()) {
      Recorder recorder = machine.recorder();
      recorder.emit(
          new ProbeEvent.DriverBinding(recorder.header(at), name(), machine.driverOf(this), bound));
    }
  }

  /** {@code dma_mapping_error()}, which every driver asks; only a recorder of probes sees it. */
  public void check(Context at, long dmaAddr) {
    if (machine.probes()) {
      Recorder recorder = machine.recorder();
      recorder.emit(new ProbeEvent.MappingErrorCheck(recorder.header(at), name(), dmaAddr));
    }
  }

  /** {@code dma_unmap_page()} or {@code dma_unmap_resource()} of a successful mapping. */
  public void unmap(Context at, Single single) {
    Mischief mischief = machine.mischief();
    if (mischief == null || !mischief.insteadOfUnmap(at, single)) {
      singles.unmap(at, single);
    }
  }

  /** {@code dma_map_sg()}: null where it fails, of which nothing is traced. */
  public SgMapping mapSg(Context at, PhysList list, DmaDirection direction, long attrs) {
    Mischief mischief = machine.mischief();
    if (mischief == null) {
      return lists.map(at, list, direction, attrs);
    }
    SgMapping instead = mischief.insteadOfMapSg(at, this, list, direction, attrs);
    if (instead != null) {
      return instead;
    }
    SgMapping made = lists.map(at, list, direction, attrs);
    if (made != null) {
      mischief.mapped(at, made);
    }
    return made;
  }

  /** {@code dma_unmap_sg()}. */
  public void unmapSg(Context at, SgMapping list) {
    Mischief mischief = machine.mischief();
    if (mischief == null || !mischief.insteadOfUnmap(at, list)) {
      lists.unmap(at, list);
    }
  }

  /** {@code dma_alloc_coherent()}: pages of the device's own domain, or contiguous memory. */
  public Coherent alloc(Context at, long sizeBytes, long attrs) {
    return allocations.alloc(at, AllocApi.COHERENT, sizeBytes, DmaDirection.BIDIRECTIONAL, attrs);
  }

  /** {@code dma_alloc_pages()}: contiguous memory that needs syncs. */
  public Coherent allocPages(Context at, long sizeBytes, DmaDirection direction) {
    return allocations.alloc(at, AllocApi.PAGES, sizeBytes, direction, 0);
  }

  /** {@code dma_free_coherent()} or {@code dma_free_pages()}. */
  public void free(Context at, Coherent buffer) {
    Mischief mischief = machine.mischief();
    if (mischief == null || !mischief.insteadOfFree(at, buffer)) {
      allocations.freeNamed(at, buffer, buffer.sizeBytes(), buffer.cpuAddr(), buffer.direction());
    }
  }

  /** {@code dma_sync_single_for_cpu()} or {@code _for_device()} of a part of a mapping. */
  public void sync(Context at, Single single, SyncTarget target, long offset, long sizeBytes) {
    if (needsSync()) {
      singles.traceSync(at, target, single.direction(), single.dmaAddr() + offset, sizeBytes);
    }
  }

  /** {@code dma_sync_sg_for_cpu()} or {@code _for_device()}. */
  public void syncSg(Context at, SgMapping list, SyncTarget target) {
    if (needsSync()) {
      lists.traceSync(at, list, target, list.direction(), list.nents());
    }
  }

  /**
   * {@code dma_iova_try_alloc()}, {@code dma_iova_link()} of each piece and {@code
   * dma_iova_sync()}: only page tables tell of it. Empty without an IOMMU.
   */
  public Optional<LinkedRange> link(Context at, PhysList list, long attrs) {
    Optional<LinkedRange> range = twoStep.link(at, list, attrs);
    if (range.isPresent() && machine.mischief() != null) {
      machine.mischief().linked(at, range.get());
    }
    return range;
  }

  /** {@code dma_iova_destroy()}. */
  public void destroy(Context at, LinkedRange range) {
    twoStep.destroy(at, range);
  }

  /** {@code dma_buf_dynamic_attach()}. */
  public Attachment attach(Context at, Attachment wanted) {
    return buffers.attach(at, wanted);
  }

  /** {@code dma_buf_map_attachment()}, once the exporter has mapped the memory. */
  public void imported(Context at, Attachment attachment, DmaDirection direction) {
    buffers.map(at, attachment, direction);
    if (machine.mischief() != null) {
      machine.mischief().imported(at, attachment);
    }
  }

  /** {@code dma_buf_unmap_attachment()}. */
  public void returned(Context at, Attachment attachment, DmaDirection direction) {
    buffers.unmap(at, attachment, direction);
  }

  /** {@code dma_buf_detach()}. */
  public void detach(Context at, Attachment attachment) {
    long sequence = buffers.detach(at, attachment);
    if (machine.mischief() != null) {
      machine.mischief().detached(at, attachment, sequence);
    }
  }
}
