package io.dmascope.model.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwiotlbPoolTest {
  private static final long START = 0x40000000L;
  private static final DeviceParameters DEVICE = DeviceParameters.pci("0000:03:00.0");

  private final SwiotlbPool pool = new SwiotlbPool(START, 1024, 1);

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "W1, 1000, 12345678, 0, 0, 0, 2",
    "W2, 1000, 12345678, fff, 0, 678, 3",
    "W3, 40000, 10000, 0, 0, 0, 128",
    "W5, 200, 10200, 0, fff, 0, 2",
    "W6, 1770, 10200, fff, fff, 200, 4"
  })
  void goldenBuffer_takesTheKernelsSlots(
      String id,
      String size,
      String orig,
      String minAlign,
      String allocAlign,
      String offset,
      int slots) {
    SwiotlbPool.Allocation taken =
        pool.allocate(
                DEVICE.withMinAlignMask((int) hex(minAlign)),
                hex(orig),
                hex(size),
                hex(allocAlign),
                0)
            .orElseThrow();

    assertThat(taken.slots()).isEqualTo(slots);
    assertThat(taken.addr() & 2047).isEqualTo(hex(offset));
    assertThat(taken.addr() & hex(minAlign)).isEqualTo(hex(orig) & hex(minAlign));
  }

  @Test
  void w4_128SlotsCannotBeginAtAnOddSlot() {
    DeviceParameters nvme = DEVICE.withMinAlignMask(0xfff);

    assertThat(pool.allocate(nvme, 0x1800, 0x40000, 0, 0)).isEmpty();
    assertThat(pool.allocate(nvme, 0x1800, 0x3f000, 0, 0)).isPresent();
  }

  @Test
  void aPageOrMore_isPageAligned() {
    pool.allocate(DEVICE, 0x10000, 0x100, 0, 0);

    assertThat(pool.allocate(DEVICE, 0x10000, 0x1000, 0, 0).orElseThrow().addr())
        .isEqualTo(START + 0x1000);
  }

  @Test
  void eachCpu_searchesItsOwnAreaFirst() {
    SwiotlbPool shared = new SwiotlbPool(START, 1024, 4);

    assertThat(shared.allocate(DEVICE, 0x10000, 0x100, 0, 0).orElseThrow().firstSlot()).isZero();
    assertThat(shared.allocate(DEVICE, 0x10000, 0x100, 0, 3).orElseThrow().firstSlot())
        .isEqualTo(768);
  }

  @Test
  void aFullArea_isPassedOver() {
    SwiotlbPool shared = new SwiotlbPool(START, 256, 2);
    shared.allocate(DEVICE, 0x10000, 0x40000, 0, 0);

    assertThat(shared.allocate(DEVICE, 0x10000, 0x40000, 0, 0).orElseThrow().firstSlot())
        .isEqualTo(128);
    assertThat(shared.allocate(DEVICE, 0x10000, 0x100, 0, 0)).isEmpty();
  }

  @Test
  void searchesContinueBehindTheLastBuffer() {
    SwiotlbPool.Allocation first = pool.allocate(DEVICE, 0x10000, 0x100, 0, 0).orElseThrow();
    pool.free(first);

    assertThat(pool.allocate(DEVICE, 0x10000, 0x100, 0, 0).orElseThrow().firstSlot())
        .isEqualTo(first.firstSlot() + 1);
  }

  @Property
  void liveBuffers_neverShareASlotNorCrossASet(
      @ForAll @Size(max = 120) List<@IntRange(min = 0, max = 300_000) Integer> sizes) {
    SwiotlbPool tested = new SwiotlbPool(START, 1024, 2);
    List<SwiotlbPool.Allocation> live = new ArrayList<>();
    boolean[] inUse = new boolean[1024];
    int used = 0;
    for (int i = 0; i < sizes.size(); i++) {
      if (i % 3 == 2 && !live.isEmpty()) {
        SwiotlbPool.Allocation freed = live.remove(sizes.get(i) % live.size());
        tested.free(freed);
        mark(inUse, freed, false);
        used -= freed.slots();
      }
      Optional<SwiotlbPool.Allocation> taken =
          tested.allocate(DEVICE, 0x123456, sizes.get(i), 0, i);
      if (taken.isPresent()) {
        int last = taken.get().firstSlot() + taken.get().slots() - 1;
        assertThat(last / 128).isEqualTo(taken.get().firstSlot() / 128);
        mark(inUse, taken.get(), true);
        live.add(taken.get());
        used += taken.get().slots();
      }
    }
    assertThat(tested.usedSlots()).isEqualTo(used);
  }

  private static void mark(boolean[] inUse, SwiotlbPool.Allocation allocation, boolean value) {
    for (int i = 0; i < allocation.slots(); i++) {
      int slot = allocation.firstSlot() + i;
      assertThat(inUse[slot]).isNotEqualTo(value);
      inUse[slot] = value;
    }
  }

  private static long hex(String text) {
    return Long.parseUnsignedLong(text, 16);
  }
}
