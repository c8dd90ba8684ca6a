package io.dmascope.model.dma;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMap;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.DmaUnmap;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.MapApi;
import io.dmascope.model.event.Marker;
import io.dmascope.model.event.TraceEvent;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.Confidence;
import io.dmascope.model.finding.ModelOutput;
import io.dmascope.model.finding.Violation;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Recordings without end, without unmaps or without sense need bounded memory and linear time. */
class BoundedMemoryTest {
  private static final long RAM = 0x1_0000_0000L;

  private final DmaModel model = new DmaModel();
  private final Counting output = new Counting();
  private long sequence;

  @Test
  void driverThatLeavesOutUnmaps_isRememberedUpToALimit() {
    mapWithoutUnmaps();
    assertThat(model.liveMappings().ranges().live()).hasSize(65_536);
    assertThat(output.violations).isZero();
  }

  @Test
  void unmapOfWhatWasForgotten_isSuspect() {
    mapWithoutUnmaps();
    apply(unmap("nvme0", RAM + 5 * 4096L, 4096));
    settle();
    assertThat(output.last.ruleId()).isEqualTo("DMA-MAP-001");
    assertThat(output.last.confidence()).isEqualTo(Confidence.SUSPECT);
    assertThat(output.last.because()).isEqualTo("more was mapped at once than is remembered");
  }

  @Test
  void forgetting_goesOnWhereItWasAfterARestart() {
    mapWithoutUnmaps();
    Map<Long, byte[]> store = new HashMap<>();
    model.saveChanges((table, page, image) -> store.put((long) table << 32 | page, image));
    DmaModel restored = new DmaModel();
    store.forEach((key, image) -> restored.restore((int) (key >> 32), key.intValue(), image));
    restored.restored();
    for (int i = 0; i < 100; i++) {
      TraceEvent event = map("nvme0", RAM + (100_000 - i * 3) * 4096L, 4096);
      model.apply(event, output);
      restored.apply(event, output);
    }
    assertThat(addresses(restored)).containsExactly(addresses(model));
  }

  @Test
  void manyFindingsHeldBack_areStoredInSmallPieces_andTakenBack() {
    Map<Integer, byte[]> store = new HashMap<>();
    apply(map("nic1", RAM, 4096)); // CPU 0, which then stays silent
    for (int i = 0; i < 5000; i++) {
      apply(onCpu1(RAM + i * 4096L));
    }
    model.saveChanges((table, page, image) -> keep(store, table << 16 | page, image));
    assertThat(store).hasSizeGreaterThan(5);
    assertThat(store.values()).allMatch(image -> image.length <= DmaModel.CORE_PAGE_BYTES);
    settle();
    model.saveChanges((table, page, image) -> keep(store, table << 16 | page, image));
    assertThat(store).hasSize(2);
  }

  private TraceEvent onCpu1(long addr) {
    EventHeader header = new EventHeader(sequence++, sequence * 1000, 1, 1, "task", sequence);
    return new DmaUnmap(header, "nic0", MapApi.PHYS, DmaDirection.FROM_DEVICE, addr, 4096, 0);
  }

  private static void keep(Map<Integer, byte[]> store, int key, byte[] image) {
    if (image == null) {
      store.remove(key);
    } else {
      store.put(key, image);
    }
  }

  @Test
  void differentMappingsAtOneAddress_areFew() {
    for (int i = 0; i < 20_000; i++) {
      apply(map("nic0", RAM, 4096, RAM + i * 4096L));
    }
    assertThat(model.liveMappings().ranges().live()).hasSizeLessThanOrEqualTo(64);
  }

  @Test
  void scatterlistsThatBeginAlike_areBounded() {
    for (int i = 0; i < 5_000; i++) {
      U64List phys = U64List.of(0, RAM + i * 4096L);
      U64List lengths = U64List.of(4096, 4096);
      apply(new DmaMapSg(header(), "sata", DmaDirection.TO_DEVICE, 2, 2, phys, phys, lengths, 0));
    }
    assertThat(model.liveMappings().ranges().live()).hasSizeLessThanOrEqualTo(2 * 1024);
  }

  @Test
  void devicesBeyondTheLimit_shareOneName() {
    for (int i = 0; i < 20_000; i++) {
      apply(map("device-" + i, RAM, 4096));
    }
    apply(unmap("device-19999", RAM + 4096, 4096));
    settle();
    assertThat(output.last.device()).isEqualTo("(further devices)");
    assertThat(output.last.confidence()).isEqualTo(Confidence.SUSPECT);
  }

  @Test
  void unmapsOfNothing_areAllReported_inTheSameTimeEach() {
    for (int i = 0; i < 300; i++) {
      apply(map("device-" + i, RAM - 4096, 64L << (i % 40)));
    }
    for (int i = 0; i < 17_000; i++) {
      apply(map("nic0", RAM, 4096));
      apply(unmap("nic0", RAM, 4096));
    }
    for (int i = 0; i < 50_000; i++) {
      apply(unmap("nic0", RAM + (i & 0xffff) * 4096L, 4096));
    }
    settle();
    assertThat(output.violations).isEqualTo(50_000);
  }

  private void mapWithoutUnmaps() {
    for (int i = 0; i < 100; i++) {
      apply(map("nvme0", RAM, 4096));
    }
    for (int i = 0; i < 70_000; i++) {
      apply(map("nvme0", RAM + i * 4096L, 4096));
    }
  }

  /** Findings are held back until their CPU is heard again. */
  private void settle() {
    apply(new Marker(header(), ""));
  }

  private void apply(TraceEvent event) {
    model.apply(event, output);
  }

  private TraceEvent map(String device, long addr, long size) {
    return map(device, addr, size, addr);
  }

  private TraceEvent map(String device, long addr, long size, long phys) {
    return new DmaMap(header(), device, MapApi.PHYS, DmaDirection.FROM_DEVICE, addr, size, phys, 0);
  }

  private TraceEvent unmap(String device, long addr, long size) {
    return new DmaUnmap(header(), device, MapApi.PHYS, DmaDirection.FROM_DEVICE, addr, size, 0);
  }

  private EventHeader header() {
    return new EventHeader(sequence, sequence++ * 1000, 0, 1, "task", sequence);
  }

  private static long[] addresses(DmaModel model) {
    return model.liveMappings().ranges().live().stream().mapToLong(range -> range.addr()).toArray();
  }

  /** Counts, since so many violations need not be kept. */
  private static final class Counting implements ModelOutput {
    private long violations;
    private Violation last;

    @Override
    public void violation(Violation violation) {
      violations++;
      last = violation;
    }
  }
}
