package io.dmascope.producer.synthetic.fault;

import io.dmascope.model.backend.Mapping;
import io.dmascope.model.backend.PageTableRun;
import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.U64List;
import io.dmascope.model.scatterlist.PhysList;
import io.dmascope.producer.synthetic.fault.Injected.Sureness;
import io.dmascope.producer.synthetic.machine.Backend;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.Memory;
import io.dmascope.producer.synthetic.machine.Peer;
import io.dmascope.producer.synthetic.machine.SgMapping;
import io.dmascope.producer.synthetic.machine.Single;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What breaks a limit of the device, or the kind of memory it was told of: only the machine's
 * manifest shows it. Each is a mapping of its own, made wrong and undone right.
 */
final class LimitFaults {
  private static final long PAGE = Memory.PAGE_SIZE;

  /** 40 bits are more than any made-up machine has memory. */
  private static final long REACHES_ALL = (1L << 40) - 1;

  private static final long FOUR_GIB = 1L << 32;
  private static final int PAGES_ORDER = 2;

  /** The last page below a multiple of 4 GiB that no allocation comes up to. */
  private static final long BELOW_BOUNDARY = 0x20_0000_0000L - PAGE;

  /** A buffer of kmalloc: two lie in one line of the cache. */
  private static final long SMALL_BYTES = 32;

  private static final long LONG_SEGMENT_MAX = 1L << 17;

  static final List<Fault<?>> ALL =
      List.of(
          after(
              "DMA-MAP-012",
              "an address above the device's reach",
              LimitFaults::isNarrow,
              LimitFaults::beyondMask),
          after(
              "DMA-MAP-015",
              "RAM mapped as device memory",
              device -> reachesAll(device) && isUnforced(device),
              LimitFaults::ramAsMmio),
          after(
              "DMA-MAP-015",
              "the device's registers mapped as RAM",
              device -> reachesAll(device) && isUnforced(device) && window(device).isPresent(),
              LimitFaults::windowAsRam),
          after(
              "DMA-MAP-009",
              "two buffers in one cache line",
              device -> !device.parameters().coherent(),
              LimitFaults::sharedLine),
          listed(
              "DMA-SG-005",
              "an entry longer than the device takes",
              device -> device.parameters().maxSegmentSize() < LONG_SEGMENT_MAX,
              LimitFaults::longEntry),
          listed(
              "DMA-SG-006",
              "an entry across 4 GiB",
              device ->
                  !device.translated()
                      && isUnforced(device)
                      && reachesAll(device)
                      && device.parameters().segmentBoundaryMask() == FOUR_GIB - 1,
              LimitFaults::acrossBoundary),
          listed(
              "DMA-SG-003",
              "a page table too few for a list",
              DmaDevice::translated,
              LimitFaults::tableMissing),
          listed(
              "DMA-SG-004",
              "entries merged although nothing translates",
              device ->
                  device.machine().backend() == Backend.IDENTITY
                      && reachesAll(device)
                      && device.machine().peers().isEmpty(),
              LimitFaults::mergedDirectly),
          listed(
              "DMA-SG-007",
              "entries left apart that merge",
              DmaDevice::translated,
              LimitFaults::notMerged),
          Fault.afterMapSg(
              "DMA-SG-009",
              "a mapped list mapped again",
              LimitFaults::mayBeMappedAgain,
              LimitFaults::mappedAgain));

  private LimitFaults() {}

  /** What a device is made to do beside its own work. */
  @FunctionalInterface
  private interface Deed {
    void commit(Context at, DmaDevice device, TruthLog log);
  }

  private static Fault<Single> after(
      String ruleId, String what, Predicate<DmaDevice> fits, Deed deed) {
    return Fault.afterMap(
        ruleId,
        what,
        single -> fits.test(single.device()),
        (at, single, log) -> {
          deed.commit(at, single.device(), log);
          return null;
        });
  }

  private static Fault<SgMapping> listed(
      String ruleId, String what, Predicate<DmaDevice> fits, Deed deed) {
    return Fault.afterMapSg(
        ruleId,
        what,
        list -> fits.test(list.device()),
        (at, list, log) -> {
          deed.commit(at, list.device(), log);
          return null;
        });
  }

  private static boolean isNarrow(DmaDevice device) {
    return device.parameters().addressLimit() == FOUR_GIB - 1;
  }

  private static boolean reachesAll(DmaDevice device) {
    return Long.compareUnsigned(device.parameters().addressLimit(), REACHES_ALL) >= 0;
  }

  /** False where everything is bounced. */
  private static boolean isUnforced(DmaDevice device) {
    return device.machine().backend() != Backend.SWIOTLB;
  }

  private static Optional<Peer> window(DmaDevice device) {
    return device.machine().windowOf(device);
  }

  /** The kernel forgot to look at the mask. */
  private static void beyondMask(Context at, DmaDevice device, TruthLog log) {
    Memory memory = device.machine().memory();
    long page = memory.page();
    long dmaAddr = device.translated() ? FOUR_GIB + (page & (FOUR_GIB - 1)) : page;
    MapApi api = device.machine().generation().pageApi();
    if (device.translated()) {
      device.translation().traceMap(at, new PageTableRun(dmaAddr, page, PAGE));
    }
    long mapped =
        device.singles().traceMap(at, api, page, PAGE, DmaDirection.TO_DEVICE, 0, dmaAddr);
    log.certain(mapped, device.name(), dmaAddr, PAGE);
    device.check(at, dmaAddr);
    if (device.translated()) {
      device.translation().remove(at, dmaAddr, PAGE);
    }
    device.singles().traceUnmap(at, api, dmaAddr, PAGE, DmaDirection.TO_DEVICE, 0);
    memory.free(page);
  }

  private static void ramAsMmio(Context at, DmaDevice device, TruthLog log) {
    Memory memory = device.machine().memory();
    long page = memory.page();
    MapApi api = device.machine().generation().resourceApi();
    certainly(at, device, api, page, PAGE, DmaAttrs.MMIO, log);
    memory.free(page);
  }

  private static void windowAsRam(Context at, DmaDevice device, TruthLog log) {
    MapApi api = device.machine().generation().pageApi();
    certainly(at, device, api, window(device).orElseThrow().barAddr(), 64, 0, log);
  }

  /** A mapping that is wrong in itself. */
  private static void certainly(
      Context at,
      DmaDevice device,
      MapApi api,
      long physAddr,
      long sizeBytes,
      long attrs,
      TruthLog log) {
    Single single =
        device.singles().map(at, api, physAddr, sizeBytes, DmaDirection.FROM_DEVICE, attrs);
    log.certain(single.mappedAt(), device.name(), single.dmaAddr(), sizeBytes);
    device.check(at, single.dmaAddr());
    device.singles().unmap(at, single);
  }

  private static void sharedLine(Context at, DmaDevice device, TruthLog log) {
    Memory memory = device.machine().memory();
    long page = memory.page();
    MapApi api = device.machine().generation().pageApi();
    Single first = small(at, device, api, page);
    Single second = small(at, device, api, page + SMALL_BYTES);
    log.certain(second.mappedAt(), device.name(), second.dmaAddr(), SMALL_BYTES, first.mappedAt());
    device.singles().unmap(at, first);
    device.singles().unmap(at, second);
    memory.free(page);
  }

  private static Single small(Context at, DmaDevice device, MapApi api, long physAddr) {
    Single single =
        device.singles().map(at, api, physAddr, SMALL_BYTES, DmaDirection.FROM_DEVICE, 0);
    device.check(at, single.dmaAddr());
    return single;
  }

  /** The driver took more from the block layer than it may. */
  private static void longEntry(Context at, DmaDevice device, TruthLog log) {
    Memory memory = device.machine().memory();
    int order = Memory.order(LONG_SEGMENT_MAX);
    long block = memory.block(order);
    PhysList list = new PhysList().add(block, LONG_SEGMENT_MAX);
    SgMapping mapped = device.lists().map(at, list, DmaDirection.TO_DEVICE, 0);
    if (mapped != null) {
      log.certain(mapped.mappedAt(), device.name(), mapped.dmaAddr(), LONG_SEGMENT_MAX);
      device.lists().unmap(at, mapped);
    }
    memory.free(block, order);
  }

  private static void acrossBoundary(Context at, DmaDevice device, TruthLog log) {
    PhysList list = new PhysList().add(BELOW_BOUNDARY, 2 * PAGE);
    SgMapping mapped = device.lists().map(at, list, DmaDirection.TO_DEVICE, 0);
    log.certain(mapped.mappedAt(), device.name(), mapped.dmaAddr(), 2 * PAGE);
    device.lists().unmap(at, mapped);
  }

  /** The last run is a page short; the entries say otherwise. */
  private static void tableMissing(Context at, DmaDevice device, TruthLog log) {
    told(at, device, log, Sureness.CERTAIN, LimitFaults::withoutLastTable);
  }

  private static Mapping withoutLastTable(Mapping made) {
    PageTableRun last = made.pageTableRuns().getLast();
    return told(
        made,
        made.dmaAddrs(),
        made.lengths(),
        List.of(new PageTableRun(last.iova(), last.physAddr(), last.sizeBytes() - PAGE)));
  }

  private static void mergedDirectly(Context at, DmaDevice device, TruthLog log) {
    told(
        at,
        device,
        log,
        Sureness.CERTAIN,
        made ->
            told(
                made,
                U64List.of(made.dmaAddrs().at(0)),
                U64List.of(PAGE << PAGES_ORDER),
                List.of()));
  }

  private static void notMerged(Context at, DmaDevice device, TruthLog log) {
    // A manifest may be wrong about the limits more easily than the kernel about merging.
    told(at, device, log, Sureness.SUSPECT, LimitFaults::apart);
  }

  private static Mapping apart(Mapping made) {
    long first = made.dmaAddrs().at(0);
    return told(
        made,
        U64List.of(first, first + PAGE, first + 2 * PAGE, first + 3 * PAGE),
        U64List.of(PAGE, PAGE, PAGE, PAGE),
        made.pageTableRuns());
  }

  private static Mapping told(
      Mapping made, U64List dmaAddrs, U64List lengths, List<PageTableRun> runs) {
    return new Mapping(
        dmaAddrs,
        lengths,
        made.busAddresses(),
        made.iova(),
        made.iovaSizeBytes(),
        runs,
        made.paddingBytes(),
        made.bounces());
  }

  /** Maps four pages that lie side by side, each an entry, and tells of it as it was not. */
  private static void told(
      Context at, DmaDevice device, TruthLog log, Sureness sureness, UnaryOperator<Mapping> wrong) {
    Memory memory = device.machine().memory();
    long block = memory.block(PAGES_ORDER);
    PhysList list = new PhysList();
    for (int i = 0; i < 1 << PAGES_ORDER; i++) {
      list.add(block + i * PAGE, PAGE);
    }
    SgMapping mapped = device.lists().mapTelling(at, list, DmaDirection.TO_DEVICE, 0, wrong);
    log.add(mapped.mappedAt(), device.name(), mapped.dmaAddr(), list.totalBytes(), sureness, false);
    device.lists().unmap(at, mapped);
    memory.free(block, PAGES_ORDER);
  }

  private static boolean mayBeMappedAgain(SgMapping list) {
    return ScatterlistFaults.isDistinct(list)
        && list.direction().deviceWrites()
        && (list.attrs() & DmaAttrs.SKIP_CPU_SYNC) == 0
        && list.device().unmapsAll()
        // Where caches do not snoop, the two also share a line: that is DMA-MAP-009's.
        && list.device().parameters().coherent();
  }

  private static Object mappedAgain(Context at, SgMapping list, TruthLog log) {
    SgMapping again = list.device().lists().map(at, list.list(), list.direction(), list.attrs());
    if (again != null) {
      // Two lists over the same pages are legal, and look the same.
      log.suspect(
          again.mappedAt(),
          list.device().name(),
          again.dmaAddr(),
          again.sizeBytes(),
          list.mappedAt());
      list.device().lists().unmap(at, again);
    }
    return null;
  }
}
