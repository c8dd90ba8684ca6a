package io.dmascope.producer.synthetic.fault;

import io.dmascope.model.event.DmaAddress;
import io.dmascope.model.event.DmaAttrs;
import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.MapApi;
import io.dmascope.producer.synthetic.fault.Injected.Sureness;
import io.dmascope.producer.synthetic.machine.Coherent;
import io.dmascope.producer.synthetic.machine.Context;
import io.dmascope.producer.synthetic.machine.DmaDevice;
import io.dmascope.producer.synthetic.machine.Generation;
import io.dmascope.producer.synthetic.machine.Memory;
import io.dmascope.producer.synthetic.machine.Single;
import java.util.List;

/** What drivers get wrong when they give a mapping or a buffer back. */
final class UnmapFaults {
  /** An unmap of which only the direct mapping knows nothing would be legal to leave out. */
  static final List<Fault<?>> ALL =
      List.of(
          Fault.insteadOfUnmap(
              "DMA-MAP-001", "unmapped twice", UnmapFaults::isAccounted, UnmapFaults::twice),
          Fault.insteadOfUnmap(
              "DMA-MAP-001",
              "unmapped in its middle",
              single -> isAccounted(single) && single.sizeBytes() > 2,
              UnmapFaults::inTheMiddle),
          Fault.insteadOfUnmap(
              "DMA-MAP-001",
              "unmapped what was never mapped",
              UnmapFaults::isAccounted,
              UnmapFaults::neverMapped),
          Fault.insteadOfUnmap(
              "DMA-MAP-002", "unmapped the error cookie", single -> true, UnmapFaults::cookie),
          Fault.insteadOfUnmap(
              "DMA-MAP-003",
              "unmapped half",
              single -> isAccounted(single) && single.sizeBytes() > 1,
              UnmapFaults::half),
          Fault.insteadOfUnmap(
              "DMA-MAP-004",
              "unmapped the other way",
              UnmapFaults::isAccounted,
              UnmapFaults::otherWay),
          Fault.insteadOfUnmap(
              "DMA-MAP-005",
              "unmapped as something else",
              UnmapFaults::isAccounted,
              UnmapFaults::otherKind),
          Fault.insteadOfUnmap(
              "DMA-MAP-006",
              "unmapped with other attributes",
              UnmapFaults::isAccounted,
              UnmapFaults::otherAttrs),
          Fault.insteadOfFree(
              "DMA-MAP-018", "freed by another address", buffer -> true, UnmapFaults::otherAddress),
          Fault.insteadOfFree(
              "DMA-MAP-003",
              "freed half",
              buffer -> buffer.sizeBytes() > 1,
              UnmapFaults::freeHalf));

  private UnmapFaults() {}

  /**
   * True where every mapping of the device is unmapped, so that a wrong unmap stands out. Bounce
   * buffers are left alone: what the kernel does with a wrong one is not defined.
   */
  private static boolean isAccounted(Single single) {
    return single.device().unmapsAll() && single.mapping().bounces().isEmpty();
  }

  private static Object twice(Context at, Single single, TruthLog log) {
    DmaDevice device = single.device();
    long first = device.singles().unmap(at, single);
    long second =
        device
            .singles()
            .unmapNamed(
                at,
                null,
                single.api(),
                single.dmaAddr(),
                single.sizeBytes(),
                single.direction(),
                single.attrs());
    log.certain(
        second, device.name(), single.dmaAddr(), single.sizeBytes(), single.mappedAt(), first);
    return single;
  }

  private static Object inTheMiddle(Context at, Single single, TruthLog log) {
    DmaDevice device = single.device();
    long half = single.sizeBytes() / 2;
    long dmaAddr = single.dmaAddr() + half;
    long sequence =
        device
            .singles()
            .unmapNamed(
                at,
                null,
                single.api(),
                dmaAddr,
                single.sizeBytes() - half,
                single.direction(),
                single.attrs());
    log.add(
        sequence,
        device.name(),
        dmaAddr,
        single.sizeBytes() - half,
        Sureness.CERTAIN,
        device.translated(),
        single.mappedAt());
    device.singles().unmap(at, single);
    return single;
  }

  private static Object neverMapped(Context at, Single single, TruthLog log) {
    DmaDevice device = single.device();
    long dmaAddr = 0x7700_0000_0000L + single.dmaAddr();
    long sequence =
        device
            .singles()
            .unmapNamed(
                at,
                null,
                single.api(),
                dmaAddr,
                single.sizeBytes(),
                single.direction(),
                single.attrs());
    log.either(sequence, device.name(), dmaAddr, single.sizeBytes());
    device.singles().unmap(at, single);
    return single;
  }

  private static Object cookie(Context at, Single single, TruthLog log) {
    DmaDevice device = single.device();
    device.singles().unmap(at, single);
    long sequence =
        device
            .singles()
            .unmapNamed(
                at,
                null,
                single.api(),
                DmaAddress.ERROR,
                single.sizeBytes(),
                single.direction(),
                single.attrs());
    log.certain(sequence, device.name(), DmaAddress.ERROR, single.sizeBytes());
    return single;
  }

  private static Object half(Context at, Single single, TruthLog log) {
    long size = single.sizeBytes() / 2;
    long sequence = wrongly(at, single, single.api(), size, single.direction(), single.attrs());
    boolean tears =
        single.device().translated()
            && granules(single, size) != granules(single, single.sizeBytes());
    log.add(
        sequence,
        single.device().name(),
        single.dmaAddr(),
        size,
        Sureness.CERTAIN,
        tears,
        single.mappedAt());
    return single;
  }

  private static long granules(Single single, long sizeBytes) {
    long offset = single.dmaAddr() & (Memory.PAGE_SIZE - 1);
    return (offset + sizeBytes + Memory.PAGE_SIZE - 1) / Memory.PAGE_SIZE;
  }

  private static Object otherWay(Context at, Single single, TruthLog log) {
    long sequence =
        wrongly(
            at,
            single,
            single.api(),
            single.sizeBytes(),
            other(single.direction()),
            single.attrs());
    log.certain(
        sequence, single.device().name(), single.dmaAddr(), single.sizeBytes(), single.mappedAt());
    return single;
  }

  static DmaDirection other(DmaDirection direction) {
    return direction == DmaDirection.TO_DEVICE ? DmaDirection.FROM_DEVICE : DmaDirection.TO_DEVICE;
  }

  /** dma_unmap_resource() of a page, or the reverse. */
  private static Object otherKind(Context at, Single single, TruthLog log) {
    MapApi api =
        switch (single.api()) {
          case PAGE -> MapApi.RESOURCE;
          case RESOURCE -> MapApi.PAGE;
          case PHYS -> MapApi.PHYS;
        };
    long sequence =
        wrongly(
            at,
            single,
            api,
            single.sizeBytes(),
            single.direction(),
            single.attrs() ^ DmaAttrs.MMIO);
    log.certain(
        sequence, single.device().name(), single.dmaAddr(), single.sizeBytes(), single.mappedAt());
    return single;
  }

  private static Object otherAttrs(Context at, Single single, TruthLog log) {
    long sequence =
        wrongly(
            at,
            single,
            single.api(),
            single.sizeBytes(),
            single.direction(),
            single.attrs() ^ DmaAttrs.PRIVILEGED);
    // Kernels before 7.3 did not ask for it.
    boolean demanded = single.device().machine().generation() == Generation.V7_3;
    log.add(
        sequence,
        single.device().name(),
        single.dmaAddr(),
        single.sizeBytes(),
        demanded ? Sureness.CERTAIN : Sureness.SUSPECT,
        false,
        single.mappedAt());
    return single;
  }

  private static long wrongly(
      Context at, Single single, MapApi api, long sizeBytes, DmaDirection direction, long attrs) {
    return single
        .device()
        .singles()
        .unmapNamed(at, single, api, single.dmaAddr(), sizeBytes, direction, attrs);
  }

  private static Object otherAddress(Context at, Coherent buffer, TruthLog log) {
    long sequence =
        buffer
            .device()
            .allocations()
            .freeNamed(
                at,
                buffer,
                buffer.sizeBytes(),
                buffer.cpuAddr() + Memory.PAGE_SIZE,
                buffer.direction());
    log.add(
        sequence,
        buffer.device().name(),
        buffer.dmaAddr(),
        buffer.sizeBytes(),
        atBest(buffer.device()),
        false,
        buffer.mappedAt());
    return buffer;
  }

  /** Where a driver leaves out unmaps, what is thought to be live may be long gone. */
  static Sureness atBest(DmaDevice device) {
    return device.unmapsAll() ? Sureness.CERTAIN : Sureness.EITHER;
  }

  private static Object freeHalf(Context at, Coherent buffer, TruthLog log) {
    long size = buffer.sizeBytes() / 2;
    long sequence =
        buffer
            .device()
            .allocations()
            .freeNamed(at, buffer, size, buffer.cpuAddr(), buffer.direction());
    log.add(
        sequence,
        buffer.device().name(),
        buffer.dmaAddr(),
        size,
        atBest(buffer.device()),
        buffer.device().translated(),
        buffer.mappedAt());
    return buffer;
  }
}
