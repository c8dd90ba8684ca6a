package io.dmascope.producer.synthetic.fault;

import io.dmascope.model.backend.PageTableRun;
import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.ProbeEvent.IovaCall.Step;
import io.dmascope.producer.synthetic.fault.Injected.Sureness;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Coherent;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.LinkedRange;
import io.dmascope.producer.synthetic.machine.Memory;
import io.dmascope.producer.synthetic.machine.Single;
import java.util.List;

/** What address allocators, flush queues, bounce buffers and drivers that leave get wrong. */
final class AddressFaults {
  private static final long PAGE = Memory.PAGE_SIZE;

  /** No allocator comes down here in a capture of any length. */
  private static final long NEVER_MAPPED = 0x60_0000L;

  /** Interrupt messages of x86 are written here. */
  private static final long MESSAGES = 0xfee0_0000L;

  /** By then every flush has been. */
  private static final long PAUSE_NS = 150_000_000L;

  private static final int TURNS = 256;
  private static final long NEVER_BOUNCED = 0x300_0000L;

  private static final int GRANULES_MAX_ORDER = 4;

  static final List<Fault<?>> ALL =
      List.of(
          Fault.afterMap(
              "IOV-005",
              "a block not aligned to its size",
              single -> single.device().translated(),
              AddressFaults::misaligned),
          Fault.afterMap(
              "IOV-006",
              "the message window given out",
              single -> single.device().translated(),
              AddressFaults::reserved),
          Fault.afterMap(
              "IOV-006",
              "a window of the host bridge given out",
              single ->
                  single.device().translated()
                      && single.device().parameters().addressLimit() == -1L
                      && single.device().machine().windowOf(single.device()).isPresent(),
              AddressFaults::bridgeWindow),
          Fault.insteadOfUnmap(
              "IOV-007",
              "a block freed but for its last page",
              single ->
                  single.device().translated()
                      && single.mapping().bounces().isEmpty()
                      && single.mapping().iovaSizeBytes() > PAGE,
              AddressFaults::freedShort),
          linked("IOV-008", "linked twice", AddressFaults::overlapped),
          linked("IOV-008", "a link inside a page", AddressFaults::unaligned),
          linked("IOV-008", "a sync of what is not linked", AddressFaults::gap),
          Fault.afterMap(
              "IOV-014",
              "an IOVA given out before its flush",
              single -> single.device().machine().backend() == Backend.LAZY,
              AddressFaults::unflushed),
          Fault.afterMap(
              "SWT-001",
              "bounced within reach",
              single -> isSnooped(single.device()) && reachesAll(single.device()),
              AddressFaults::bouncedInReach),
          Fault.afterMap(
              "SWT-001",
              "bounced behind an IOMMU",
              single -> isSnooped(single.device()) && single.device().translated(),
              AddressFaults::bouncedTranslated),
          Fault.afterMap(
              "SWT-002",
              "a bounce buffer lost its offset",
              single ->
                  isForced(single.device()) && single.device().parameters().minAlignMask() != 0,
              AddressFaults::offsetLost),
          Fault.afterMap(
              "SWT-005",
              "bounced what must stay coherent",
              single ->
                  isForced(single.device())
                      && single.device().machine().generation() == Generation.V7_3,
              AddressFaults::coherentBounced),
          Fault.afterMap(
              "SWT-005",
              "bounced device memory",
              single ->
                  isForced(single.device())
                      && single.device().machine().windowOf(single.device()).isPresent(),
              AddressFaults::windowBounced),
          Fault.insteadOfUnmap(
                  "DMA-MAP-020",
                  "one kind of mapping never unmapped",
                  AddressFaults::mayLeak,
                  AddressFaults::leaked)
              .always(),
          Fault.beforeUnbind(
              "DMA-MAP-019",
              "a buffer left behind",
              device -> device.machine().probes(),
              AddressFaults::leftBehind));

  private AddressFaults() {}

  private static Fault<LinkedRange> linked(
      String ruleId, String what, Fault.Deed<LinkedRange> deed) {
    return Fault.afterLink(ruleId, what, range -> range.device().machine().probes(), deed);
  }

  private static boolean isForced(DmaDevice device) {
    return device.machine().backend() == Backend.SWIOTLB;
  }

  private static boolean isSnooped(DmaDevice device) {
    return device.parameters().coherent();
  }

  /** A device that bounces nothing, were it not for the fault. */
  private static boolean reachesAll(DmaDevice device) {
    return !device.translated() && !isForced(device) && device.parameters().addressLimit() == -1L;
  }

  private static Object misaligned(Context at, Single single, TruthLog log) {
    long iova = another(single, NEVER_MAPPED, 4 * PAGE) + PAGE;
    givenOut(at, single, iova, 1, log);
    return null;
  }

  private static Object reserved(Context at, Single single, TruthLog log) {
    long iova = another(single, MESSAGES, PAGE);
    givenOut(at, single, iova, 0, log);
    return null;
  }

  private static Object bridgeWindow(Context at, Single single, TruthLog log) {
    var window = single.device().machine().windowOf(single.device()).orElseThrow();
    long iova = another(single, window.busAddr(window.barAddr()), PAGE);
    givenOut(at, single, iova, 0, log);
    return null;
  }

  /** Addresses that are not the same again and again, so that nothing but the fault is wrong. */
  private static long another(Single near, long first, long stepBytes) {
    long turn = near.device().machine().recorder().nextSequence() % TURNS;
    return first + turn * stepBytes;
  }

  /** Maps memory at an address of the kernel's bad choice, and unmaps it. */
  private static void givenOut(Context at, Single near, long iova, int order, TruthLog log) {
    DmaDevice device = near.device();
    Memory memory = device.machine().memory();
    MapApi api = device.machine().generation().pageApi();
    long block = memory.block(order);
    long size = PAGE << order;
    long sequence = mapAt(at, device, api, iova, block, size);
    // Where the block begins and ends is told by its page tables alone.
    log.certain(sequence, device.name(), iova, size, sequence - 1);
    device.check(at, iova);
    unmapAt(at, device, api, iova, size);
    memory.free(block, order);
  }

  private static long mapAt(
      Context at, DmaDevice device, MapApi api, long iova, long physAddr, long sizeBytes) {
    device.translation().traceMap(at, new PageTableRun(iova, physAddr, sizeBytes));
    return device.singles().traceMap(at, api, physAddr, sizeBytes, DmaDirection.TO_DEVICE, 0, iova);
  }

  private static void unmapAt(Context at, DmaDevice device, MapApi api, long iova, long sizeBytes) {
    device.translation().remove(at, iova, sizeBytes);
    device.singles().traceUnmap(at, api, iova, sizeBytes, DmaDirection.TO_DEVICE, 0);
  }

  /** The block is lost: what stands in the page tables must not be given out again. */
  private static Object freedShort(Context at, Single single, TruthLog log) {
    DmaDevice device = single.device();
    long iova = single.mapping().iova();
    long size = single.mapping().iovaSizeBytes() - PAGE;
    long removed = device.translation().remove(at, iova, size);
    device.translation().tear(iova + size, PAGE);
    device
        .singles()
        .traceUnmap(
            at,
            single.api(),
            single.dmaAddr(),
            single.sizeBytes(),
            single.direction(),
            single.attrs());
    // iommu:unmap names no device: where there are several, any of them may have meant it.
    boolean alone = device.machine().devices().size() == 1;
    log.add(
        removed,
        device.name(),
        iova,
        size,
        alone ? Sureness.CERTAIN : Sureness.EITHER,
        false,
        single.mappedAt());
    return single;
  }

  /** Recorders do not see every unlink, so that it is never more than a suspicion. */
  private static Object overlapped(Context at, LinkedRange range, TruthLog log) {
    long sequence = range.device().twoStep().call(at, range, Step.LINK, 0, PAGE);
    log.suspect(
        sequence, range.device().name(), range.transaction().dmaAddr(), PAGE, range.begunAt());
    return null;
  }

  private static Object unaligned(Context at, LinkedRange range, TruthLog log) {
    long inside = range.sizeBytes() + 0x200;
    long sequence = range.device().twoStep().call(at, range, Step.LINK, inside, 0x200);
    log.certain(
        sequence, range.device().name(), range.transaction().dmaAddr(), 0x200, range.begunAt());
    return null;
  }

  private static Object gap(Context at, LinkedRange range, TruthLog log) {
    long size = range.sizeBytes() + 16 * PAGE;
    long sequence = range.device().twoStep().call(at, range, Step.SYNC, 0, size);
    log.certain(
        sequence, range.device().name(), range.transaction().dmaAddr(), size, range.begunAt());
    return null;
  }

  private static Object unflushed(Context at, Single near, TruthLog log) {
    DmaDevice device = near.device();
    Memory memory = device.machine().memory();
    MapApi api = device.machine().generation().pageApi();
    device.machine().sleep(PAUSE_NS);
    long page = memory.page();
    Single first = device.singles().map(at, api, page, PAGE, DmaDirection.TO_DEVICE, 0);
    device.check(at, first.dmaAddr());
    long unmapped = device.singles().unmap(at, first);
    long again = mapAt(at, device, api, first.dmaAddr(), page, PAGE);
    device.check(at, first.dmaAddr());
    // No event tells of a flush: the queue may have been flushed early.
    log.suspect(again, device.name(), first.dmaAddr(), PAGE, first.mappedAt(), unmapped);
    unmapAt(at, device, api, first.dmaAddr(), PAGE);
    memory.free(page);
    return null;
  }

  private static Object bouncedInReach(Context at, Single near, TruthLog log) {
    DmaDevice device = near.device();
    Memory memory = device.machine().memory();
    long page = memory.page();
    Single bounced = bounced(at, device, device.machine().generation().pageApi(), page, 0, PAGE, 0);
    // The bus may reach less far than the device, and no manifest says that it does not.
    log.suspect(bounced.mappedAt(), device.name(), bounced.dmaAddr(), PAGE, bounced.mappedAt() - 1);
    device.singles().unmap(at, bounced);
    memory.free(page);
    return null;
  }

  private static Object bouncedTranslated(Context at, Single near, TruthLog log) {
    DmaDevice device = near.device();
    Memory memory = device.machine().memory();
    MapApi api = device.machine().generation().pageApi();
    long block = memory.block(GRANULES_MAX_ORDER);
    long size = PAGE << GRANULES_MAX_ORDER;
    long iova = another(near, NEVER_BOUNCED, size);
    device.translation().traceBounce(at, block, size);
    long slots = device.machine().bounceSlots();
    device.translation().traceMap(at, new PageTableRun(iova, slots, size));
    long sequence =
        device.singles().traceMap(at, api, block, size, DmaDirection.TO_DEVICE, 0, iova);
    log.certain(sequence, device.name(), iova, size, sequence - 2, sequence - 1);
    device.check(at, iova);
    unmapAt(at, device, api, iova, size);
    memory.free(block, GRANULES_MAX_ORDER);
    return null;
  }

  private static Object offsetLost(Context at, Single near, TruthLog log) {
    DmaDevice device = near.device();
    Memory memory = device.machine().memory();
    long page = memory.page();
    MapApi api = device.machine().generation().pageApi();
    Single bounced = bounced(at, device, api, page + 0x200, -0x200, 512, 0);
    certain(log, device, bounced);
    device.singles().unmap(at, bounced);
    memory.free(page);
    return null;
  }

  private static Object coherentBounced(Context at, Single near, TruthLog log) {
    DmaDevice device = near.device();
    Memory memory = device.machine().memory();
    long page = memory.page();
    MapApi api = device.machine().generation().pageApi();
    Single bounced = bounced(at, device, api, page, 0, PAGE, DmaAttrs.REQUIRE_COHERENT);
    certain(log, device, bounced);
    device.singles().unmap(at, bounced);
    memory.free(page);
    return null;
  }

  private static Object windowBounced(Context at, Single near, TruthLog log) {
    DmaDevice device = near.device();
    long registers = device.machine().windowOf(device).orElseThrow().barAddr();
    MapApi api = device.machine().generation().resourceApi();
    Single bounced = bounced(at, device, api, registers, 0, 64, DmaAttrs.MMIO);
    certain(log, device, bounced);
    device.singles().unmap(at, bounced);
    return null;
  }

  private static void certain(TruthLog log, DmaDevice device, Single bounced) {
    log.certain(
        bounced.mappedAt(),
        device.name(),
        bounced.dmaAddr(),
        bounced.sizeBytes(),
        bounced.mappedAt() - 1);
  }

  private static Single bounced(
      Context at,
      DmaDevice device,
      MapApi api,
      long physAddr,
      long shift,
      long sizeBytes,
      long attrs) {
    Single single =
        device
            .singles()
            .mapBounced(at, api, physAddr, shift, sizeBytes, DmaDirection.TO_DEVICE, attrs);
    device.check(at, single.dmaAddr());
    return single;
  }

  /**
   * Unmaps that nobody may leave out. A recorder of probes would tell of the leak at the unbind,
   * and memory that is mapped for good and used again shares its cache lines.
   */
  private static boolean mayLeak(Single single) {
    DmaDevice device = single.device();
    return (device.translated() || isForced(device))
        && !device.machine().probes()
        && isSnooped(device)
        && (single.attrs() & DmaAttrs.SKIP_CPU_SYNC) == 0;
  }

  private static Object leaked(Context at, Single single, TruthLog log) {
    return log.leaks(single) ? single : null;
  }

  /** An allocation: no driver may leave out the free of one. */
  private static Object leftBehind(Context at, DmaDevice device, TruthLog log) {
    Coherent forgotten = device.alloc(at, PAGE, 0);
    long unbound = device.machine().recorder().nextSequence();
    log.add(
        unbound,
        device.name(),
        forgotten.dmaAddr(),
        PAGE,
        UnmapFaults.atBest(device),
        false,
        forgotten.mappedAt());
    return null;
  }
}
