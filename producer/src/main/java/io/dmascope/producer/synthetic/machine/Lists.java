package io.dmascope.producer.synthetic.machine;

import io.dmascope.model.backend.MapResult;
import io.dmascope.model.backend.Mapping;
import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaSyncSg;
import io.dmascope.model.event.DmaUnmapSg;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.model.event.U64List;
import io.dmascope.model.scatterlist.PhysList;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** What the kernel does with scatterlists, whatever mischief there is. */
public final class Lists /* hot path */ {
  /** include/trace/events/dma.h DMA_TRACE_MAX_ENTRIES. */
  private static final int TRACED_ENTRIES_MAX = 128;

  /** What one event can hold: a page less the headers of page and event. */
  private static final int EVENT_BYTES_MAX = 4072;

  /** The fixed fields of {@code dma_unmap_sg} and {@code dma_sync_sg_*}, and the device's name. */
  private static final int SG_EVENT_BYTES = 32 + 16;

  /** The count that really came back. */
  private static final int COUNT_AS_RETURNED = -1;

  private final DmaDevice device;
  private final Translation translation;
  private final Machine machine;
  private final Recorder recorder;

  Lists(DmaDevice device, Translation translation) {
    this.device = device;
    this.translation = translation;
    this.machine = device.machine();
    this.recorder = machine.recorder();
  }

  /** The mapping as it should be; null where it fails, of which nothing is traced. */
  public SgMapping map(Context at, PhysList list, DmaDirection direction, long attrs) {
    return mapCounting(at, list, direction, attrs, COUNT_AS_RETURNED);
  }

  /**
   * {@code dma_map_sg()} of a kernel that miscounts; null where it fails.
   *
   * @param ents what it says that came back
   */
  public SgMapping mapCounting(
      Context at, PhysList list, DmaDirection direction, long attrs, int ents) {
    MapResult result = translation.backend().mapSg(list, direction, attrs, machine.moment(at));
    if (!(result instanceof Mapping mapping)) {
      return null;
    }
    translation.traceMade(at, mapping);
    int counted = ents == COUNT_AS_RETURNED ? mapping.ents() : ents;
    long mappedAt = traceMap(at, list, direction, attrs, mapping, counted);
    return new SgMapping(device, list, direction, attrs, mapping, mappedAt);
  }

  /**
   * {@code dma_map_sg()} of a kernel that tells of other entries than it made; null where it fails.
   *
   * @param told what becomes of the entries
   */
  public SgMapping mapTelling(
      Context at, PhysList list, DmaDirection direction, long attrs, UnaryOperator<Mapping> told) {
    MapResult result = translation.backend().mapSg(list, direction, attrs, machine.moment(at));
    if (!(result instanceof Mapping made)) {
      return null;
    }
    Mapping mapping = told.apply(made);
    translation.traceMade(at, mapping);
    long mappedAt = traceMap(at, list, direction, attrs, mapping, mapping.ents());
    translation.complete(made);
    return new SgMapping(device, list, direction, attrs, mapping, mappedAt);
  }

  private long traceMap(
      Context at, PhysList list, DmaDirection direction, long attrs, Mapping mapping, int ents) {
    int traced = Math.min(mapping.ents(), TRACED_ENTRIES_MAX);
    return recorder.emit(
        new DmaMapSg(
            recorder.header(at),
            device.name(),
            direction,
            list.size(),
            ents,
            physAddrs(list, Math.min(list.size(), TRACED_ENTRIES_MAX)),
            head(mapping.dmaAddrs(), traced),
            head(mapping.lengths(), traced),
            machine.generation().traced(attrs)));
  }

  /** The unmap as it should be. Returns the sequence of the event. */
  public long unmap(Context at, SgMapping list) {
    long sequence = traceUnmap(at, list, list.nents(), list.direction());
    translation.undo(at, list.mapping(), list.direction(), list.attrs());
    return sequence;
  }

  /**
   * An unmap of the list with whatever count and direction the driver passes. Returns the sequence
   * of the event.
   *
   * @param mapped whether the list still is
   */
  public long unmapNamed(
      Context at, SgMapping list, int nents, DmaDirection direction, boolean mapped) {
    long sequence = traceUnmap(at, list, nents, direction);
    if (!mapped) {
      return sequence;
    }
    if (!device.translated()) {
      translation.backend().unmap(list.mapping(), direction, list.attrs(), machine.moment(at));
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
      translation.removeNamed(at, start, end - start);
    }
  }

  /** Returns the sequence, also of an event that is too large to be recorded. */
  private long traceUnmap(Context at, SgMapping list, int nents, DmaDirection direction) {
    if (SG_EVENT_BYTES + 8L * nents > EVENT_BYTES_MAX) {
      return recorder.nextSequence();
    }
    return recorder.emit(
        new DmaUnmapSg(
            recorder.header(at),
            device.name(),
            direction,
            physAddrs(list.list(), nents),
            machine.generation().traced(list.attrs())));
  }

  /**
   * Emits the event of a list's sync alone; returns its sequence, also of an event that is too
   * large to be recorded. Entries past the mapped count read as the error cookie.
   */
  public long traceSync(
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
            device.name(),
            target,
            direction,
            U64List.wrap(dmaAddrs),
            U64List.wrap(lengths)));
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
