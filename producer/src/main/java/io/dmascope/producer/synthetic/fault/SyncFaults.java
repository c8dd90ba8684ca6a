package io.dmascope.producer.synthetic.fault;

import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.SyncTarget;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.Single;
import java.util.List;

/** What drivers get wrong when they synchronise; only devices that need syncs can. */
final class SyncFaults {
  static final List<Fault<?>> ALL =
      List.of(
          Fault.insteadOfUnmap(
              "DMA-SYN-001",
              "synced after the unmap",
              single -> single.device().needsSync(),
              SyncFaults::afterUnmap),
          Fault.afterMap(
              "DMA-SYN-002",
              "synced past the end",
              single -> single.device().needsSync(),
              SyncFaults::pastTheEnd),
          Fault.afterMap(
              "DMA-SYN-003",
              "synced the other way",
              single ->
                  single.device().needsSync() && single.direction() != DmaDirection.BIDIRECTIONAL,
              SyncFaults::otherWay),
          Fault.afterMap(
              "DMA-MAP-002",
              "synced the error cookie",
              single -> single.device().needsSync(),
              SyncFaults::cookie));

  private SyncFaults() {}

  private static Object afterUnmap(Context at, Single single, TruthLog log) {
    DmaDevice device = single.device();
    long unmapped = device.singles().unmap(at, single);
    long sequence = sync(at, single, single.direction(), single.dmaAddr(), single.sizeBytes());
    log.certain(
        sequence, device.name(), single.dmaAddr(), single.sizeBytes(), single.mappedAt(), unmapped);
    return single;
  }

  private static Object pastTheEnd(Context at, Single single, TruthLog log) {
    long dmaAddr = single.dmaAddr() + single.sizeBytes() / 2;
    long sequence = sync(at, single, single.direction(), dmaAddr, single.sizeBytes());
    log.certain(sequence, single.device().name(), dmaAddr, single.sizeBytes(), single.mappedAt());
    return null;
  }

  private static Object otherWay(Context at, Single single, TruthLog log) {
    DmaDirection other = UnmapFaults.other(single.direction());
    long sequence = sync(at, single, other, single.dmaAddr(), single.sizeBytes());
    log.certain(
        sequence, single.device().name(), single.dmaAddr(), single.sizeBytes(), single.mappedAt());
    return null;
  }

  private static Object cookie(Context at, Single single, TruthLog log) {
    long sequence = sync(at, single, single.direction(), DmaAddress.ERROR, single.sizeBytes());
    log.certain(sequence, single.device().name(), DmaAddress.ERROR, single.sizeBytes());
    return null;
  }

  private static long sync(
      Context at, Single single, DmaDirection direction, long dmaAddr, long sizeBytes) {
    return single.device().singles().traceSync(at, SyncTarget.CPU, direction, dmaAddr, sizeBytes);
  }
}
