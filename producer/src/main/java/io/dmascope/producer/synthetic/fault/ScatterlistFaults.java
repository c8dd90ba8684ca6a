package io.dmascope.producer.synthetic.fault;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.producer.synthetic.fault.Fault.MapSgCall;
import io.dmascope.producer.synthetic.fault.Injected.Sureness;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.SgMapping;
import java.util.List;

/** What drivers and kernels get wrong with scatterlists. */
final class ScatterlistFaults {
  /** Lists that every event can hold whole. */
  private static final int ENTRIES_MAX = 128;

  static final List<Fault<?>> ALL =
      List.of(
          Fault.insteadOfUnmapSg(
              "DMA-MAP-001",
              "list unmapped twice",
              ScatterlistFaults::isDistinct,
              ScatterlistFaults::twice),
          Fault.insteadOfUnmapSg(
              "DMA-MAP-004",
              "list unmapped the other way",
              ScatterlistFaults::isDistinct,
              ScatterlistFaults::otherWay),
          Fault.insteadOfUnmapSg(
              "DMA-SG-001",
              "list unmapped with too few entries",
              list -> isDistinct(list) && list.nents() > 1,
              ScatterlistFaults::tooFew),
          Fault.insteadOfMapSg(
              "DMA-SG-002",
              "more entries came back than went in",
              call -> call.list().size() <= ENTRIES_MAX,
              ScatterlistFaults::tooMany),
          Fault.afterMapSg(
              "DMA-SYN-004",
              "list synced with too few entries",
              list -> list.device().needsSync() && list.nents() > 1 && list.nents() <= ENTRIES_MAX,
              ScatterlistFaults::syncTooFew));

  private ScatterlistFaults() {}

  /** False for lists of one page over and over, of which several may be under way alike. */
  static boolean isDistinct(SgMapping list) {
    return list.nents() <= ENTRIES_MAX
        && list.mapping().bounces().isEmpty()
        && (list.nents() == 1 || list.list().physAddr(0) != list.list().physAddr(1));
  }

  private static Object twice(Context at, SgMapping list, TruthLog log) {
    DmaDevice device = list.device();
    long first = device.lists().unmap(at, list);
    long second = device.lists().unmapNamed(at, list, list.nents(), list.direction(), false);
    log.certain(second, device.name(), list.dmaAddr(), list.sizeBytes(), list.mappedAt(), first);
    return list;
  }

  private static Object otherWay(Context at, SgMapping list, TruthLog log) {
    DmaDirection other = UnmapFaults.other(list.direction());
    long sequence = list.device().lists().unmapNamed(at, list, list.nents(), other, true);
    log.certain(sequence, list.device().name(), list.dmaAddr(), list.sizeBytes(), list.mappedAt());
    return list;
  }

  /** The classic: the count that came back instead of the one that went in. */
  private static Object tooFew(Context at, SgMapping list, TruthLog log) {
    int nents = list.ents() < list.nents() ? list.ents() : list.nents() - 1;
    long sequence = list.device().lists().unmapNamed(at, list, nents, list.direction(), true);
    boolean tears = list.device().translated() && nents < list.ents();
    log.add(
        sequence,
        list.device().name(),
        list.dmaAddr(),
        list.sizeBytes(),
        Sureness.CERTAIN,
        tears,
        list.mappedAt());
    return list;
  }

  private static Object tooMany(Context at, MapSgCall call, TruthLog log) {
    SgMapping mapped =
        call.device()
            .lists()
            .mapCounting(at, call.list(), call.direction(), call.attrs(), call.list().size() + 1);
    if (mapped != null) {
      log.certain(mapped.mappedAt(), call.device().name(), mapped.dmaAddr(), mapped.sizeBytes());
    }
    return mapped;
  }

  private static Object syncTooFew(Context at, SgMapping list, TruthLog log) {
    long sequence =
        list.device()
            .lists()
            .traceSync(at, list, SyncTarget.CPU, list.direction(), list.nents() - 1);
    log.certain(sequence, list.device().name(), list.dmaAddr(), list.sizeBytes(), list.mappedAt());
    return null;
  }
}
