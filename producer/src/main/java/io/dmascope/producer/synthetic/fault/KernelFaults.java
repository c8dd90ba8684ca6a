package io.dmascope.producer.synthetic.fault;

import io.dmascope.model.backend.Mapping;
import io.dmascope.model.backend.PageTableRun;
import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.U64List;
import io.dmascope.producer.synthetic.fault.Fault.MapCall;
import io.dmascope.producer.synthetic.fault.Injected.Sureness;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.Memory;
import io.dmascope.producer.synthetic.machine.Recorder;
import io.dmascope.producer.synthetic.machine.SgMapping;
import io.dmascope.producer.synthetic.machine.Single;
import java.util.BitSet;
import java.util.List;

/** What IOMMUs, their drivers, bounce buffers, devices and clocks get wrong. */
final class KernelFaults {
  private static final long GRANULE = Memory.PAGE_SIZE;

  private static final int TURNS = 256;

  /** No allocator comes down here in a capture of any length. */
  private static final long NEVER_MAPPED = 0x10_0000L;

  private static final long TOO_LARGE_TO_BOUNCE = 1L << 19;
  private static final long CLOCK_STEP_NS = 5_000;

  static final List<Fault<?>> ALL =
      List.of(
          Fault.afterMap(
              "DMA-MAP-008",
              "an address given out twice",
              single -> single.device().translated(),
              KernelFaults::addressTwice),
          Fault.insteadOfMap(
              "IOV-001",
              "no page table was made",
              call -> call.device().translated() && call.device().mappings() > 0,
              KernelFaults::noPageTable),
          Fault.insteadOfMap(
              "IOV-002",
              "the page table leads elsewhere",
              call -> call.device().translated(),
              KernelFaults::leadsElsewhere),
          Fault.afterMap(
              "IOV-003",
              "an IOVA linked twice",
              single ->
                  single.device().translated() && single.device().machine().devices().size() == 1,
              KernelFaults::linkedTwice),
          Fault.insteadOfUnmap(
              "IOV-004",
              "a page-table entry vanished",
              single -> single.device().translated() && single.mapping().iovaSizeBytes() > GRANULE,
              KernelFaults::entryVanished),
          Fault.insteadOfUnmapSg(
              "IOV-004",
              "a page-table entry of a list vanished",
              list ->
                  list.device().translated()
                      && list.mapping().iovaSizeBytes() > GRANULE
                      && list.nents() <= 128,
              KernelFaults::entryOfListVanished),
          Fault.afterMap(
              "IOV-010",
              "the device wrote what it may only read",
              single ->
                  single.device().translated() && single.direction() == DmaDirection.TO_DEVICE,
              KernelFaults::wroteReadOnly),
          Fault.insteadOfUnmap(
              "IOV-011",
              "the device used an address after its unmap",
              single ->
                  single.device().translated() && !single.device().machine().backend().isLazy(),
              KernelFaults::usedAfterUnmap),
          Fault.afterMap(
              "IOV-012",
              "the device used an address never mapped",
              single -> single.device().translated(),
              KernelFaults::usedNeverMapped),
          Fault.insteadOfMap(
              "SWT-004",
              "too large to bounce",
              call -> call.device().maxMappingSize() < TOO_LARGE_TO_BOUNCE,
              KernelFaults::tooLargeToBounce),
          Fault.afterMap(
              "TRC-001", "a clock ran backwards", single -> true, KernelFaults::clockBackwards));

  private KernelFaults() {}

  private static Object addressTwice(Context at, Single older, TruthLog log) {
    DmaDevice device = older.device();
    MapApi api = device.machine().generation().pageApi();
    long attrs = older.attrs() & ~DmaAttrs.MMIO;
    long offset = older.dmaAddr() & (GRANULE - 1);
    long iova = older.dmaAddr() - offset;
    long size = Math.min(older.sizeBytes(), GRANULE - offset);
    long page = device.machine().memory().page();
    device.translation().traceMap(at, new PageTableRun(iova, page, GRANULE));
    long sequence =
        device
            .singles()
            .traceMap(at, api, page + offset, size, older.direction(), attrs, older.dmaAddr());
    // The first unmap takes the page tables from both: the second finds nothing.
    log.add(
        sequence, device.name(), older.dmaAddr(), size, Sureness.CERTAIN, true, older.mappedAt());
    device.check(at, older.dmaAddr());
    device.translation().remove(at, iova, GRANULE);
    device.singles().traceUnmap(at, api, older.dmaAddr(), size, older.direction(), attrs);
    return null;
  }

  private static Object noPageTable(Context at, MapCall call, TruthLog log) {
    // Not the same twice: two at one address are a fault of another kind.
    long turn = call.device().machine().recorder().nextSequence() % TURNS;
    long dmaAddr = NEVER_MAPPED + turn * GRANULE + (call.physAddr() & (GRANULE - 1));
    long sequence =
        call.device()
            .singles()
            .traceMap(
                at,
                call.api(),
                call.physAddr(),
                call.sizeBytes(),
                call.direction(),
                call.attrs(),
                dmaAddr);
    // Its unmap will find nothing mapped.
    log.add(sequence, call.device().name(), dmaAddr, call.sizeBytes(), Sureness.EITHER, true);
    return untranslated(call, dmaAddr, sequence);
  }

  /** A mapping that has nothing to undo. */
  private static Single untranslated(MapCall call, long dmaAddr, long sequence) {
    Mapping nothing =
        new Mapping(
            U64List.of(dmaAddr),
            U64List.of(call.sizeBytes()),
            new BitSet(),
            0,
            0,
            List.of(),
            0,
            List.of());
    return new Single(
        call.device(),
        call.api(),
        call.physAddr(),
        call.sizeBytes(),
        call.direction(),
        call.attrs(),
        dmaAddr,
        nothing,
        sequence);
  }

  private static Object leadsElsewhere(Context at, MapCall call, TruthLog log) {
    Single single =
        call.device()
            .singles()
            .mapElsewhere(
                at,
                call.api(),
                call.physAddr(),
                call.physAddr() + GRANULE,
                call.sizeBytes(),
                call.direction(),
                call.attrs());
    // Without swiotlb events, of which a capture may have some, nobody can tell it from a bounce.
    log.either(
        single.mappedAt(),
        call.device().name(),
        single.dmaAddr(),
        call.sizeBytes(),
        single.mappedAt() - 1);
    return single;
  }

  /** dma_buf_phys_vec_to_sgt() of 7.3 links every range at offset 0. */
  private static Object linkedTwice(Context at, Single single, TruthLog log) {
    DmaDevice device = single.device();
    Memory memory = device.machine().memory();
    PageTableRun first = new PageTableRun(NEVER_MAPPED + 0x400_0000L, memory.page(), GRANULE);
    PageTableRun second = new PageTableRun(first.iova(), memory.page(), GRANULE);
    long firstAt = device.translation().traceMap(at, first);
    long secondAt = device.translation().traceMap(at, second);
    device.translation().remove(at, first.iova(), GRANULE);
    log.suspect(secondAt, "", first.iova(), GRANULE, firstAt);
    return null;
  }

  private static Object entryVanished(Context at, Single single, TruthLog log) {
    DmaDevice device = single.device();
    Mapping mapping = single.mapping();
    device.translation().tear(mapping.iova() + mapping.iovaSizeBytes() - GRANULE, GRANULE);
    long sequence = device.machine().recorder().nextSequence();
    long unmappedAt = device.singles().unmap(at, single);
    log.certain(
        sequence,
        device.name(),
        mapping.iova(),
        mapping.iovaSizeBytes(),
        single.mappedAt(),
        unmappedAt);
    return single;
  }

  private static Object entryOfListVanished(Context at, SgMapping list, TruthLog log) {
    DmaDevice device = list.device();
    Mapping mapping = list.mapping();
    device.translation().tear(mapping.iova() + mapping.iovaSizeBytes() - GRANULE, GRANULE);
    long unmappedAt = device.lists().unmap(at, list);
    log.certain(
        unmappedAt + 1,
        device.name(),
        mapping.iova(),
        mapping.iovaSizeBytes(),
        list.mappedAt(),
        unmappedAt);
    return list;
  }

  private static Object wroteReadOnly(Context at, Single single, TruthLog log) {
    DmaDevice device = single.device();
    long sequence = device.translation().traceFault(at, single.dmaAddr(), true);
    log.certain(sequence, device.name(), single.dmaAddr(), 0, single.mappedAt());
    return null;
  }

  private static Object usedAfterUnmap(Context at, Single single, TruthLog log) {
    DmaDevice device = single.device();
    long unmapped = device.singles().unmap(at, single);
    long sequence = device.translation().traceFault(at, single.dmaAddr(), true);
    log.certain(sequence, device.name(), single.dmaAddr(), 0, single.mappedAt(), unmapped);
    return single;
  }

  private static Object usedNeverMapped(Context at, Single single, TruthLog log) {
    DmaDevice device = single.device();
    long iova = NEVER_MAPPED + 0x500_0000L;
    long sequence = device.translation().traceFault(at, iova, true);
    log.either(sequence, device.name(), iova, 0);
    return null;
  }

  private static Object tooLargeToBounce(Context at, MapCall call, TruthLog log) {
    long sequence =
        call.device()
            .singles()
            .map(
                at,
                call.api(),
                call.physAddr(),
                TOO_LARGE_TO_BOUNCE,
                call.direction(),
                call.attrs() & ~DmaAttrs.MMIO)
            .mappedAt();
    log.certain(sequence, call.device().name(), -1L, TOO_LARGE_TO_BOUNCE, sequence - 1);
    return null;
  }

  private static Object clockBackwards(Context at, Single single, TruthLog log) {
    Recorder recorder = single.device().machine().recorder();
    long sequence = recorder.mark(at, "dmascope: the clock ran backwards", CLOCK_STEP_NS);
    log.suspect(sequence, "", 0, 0, sequence - 1);
    return null;
  }
}
