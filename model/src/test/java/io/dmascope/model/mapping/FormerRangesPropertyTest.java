package io.dmascope.model.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.DmaMapSg;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.U64List;
import io.dmascope.model.finding.MappingKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * What stood at an address last, and which list ended last, is what a plain list of everything that
 * ever ended says, although of equal ranges only the last stays in the index.
 */
class FormerRangesPropertyTest {
  private record Former(long addr, long size, long ended, int index) {
    boolean overlaps(long first, long last) {
      return addr <= last && first <= addr + size - 1;
    }

    boolean endedAfter(Former other) {
      return ended != other.ended ? ended > other.ended : index < other.index;
    }
  }

  private final DeviceTable devices = new DeviceTable();
  private final List<MappedObject> live = new ArrayList<>();
  private final List<Former> former = new ArrayList<>();
  private LiveMappings mappings;
  private int sequence;

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void shouldFindWhatAPlainListOfAllThatEndedFinds(@ForAll long seed) {
    Random random = new Random(seed);
    Device device = devices.of("a");
    mappings = new LiveMappings(devices);
    live.clear();
    former.clear();
    for (sequence = 0; sequence < 400; sequence++) {
      if (!live.isEmpty() && random.nextInt(2) == 0) {
        end(live.remove(random.nextInt(live.size())));
      } else {
        live.add(mappings.addList(device, list(random)));
      }
      if (random.nextInt(4) == 0) {
        mapAndEnd(device, random);
      }
      long first = addr(random);
      compare(device, first, first + random.nextInt(8192));
    }
  }

  private void end(MappedObject object) {
    List<Former> ranges = new ArrayList<>();
    for (int i = 0; i < object.rangeCount(); i++) {
      ranges.add(new Former(object.range(i).addr(), object.range(i).sizeBytes(), sequence, i));
    }
    if (mappings.release(object, header())) {
      former.addAll(ranges);
    }
  }

  private void mapAndEnd(Device device, Random random) {
    sequence++;
    MappedSingle single =
        mappings.addSingle(
            device,
            MappingKind.SINGLE,
            DmaDirection.TO_DEVICE,
            0,
            addr(random),
            size(random),
            0,
            header());
    sequence++;
    former.add(new Former(single.dmaAddr(), single.sizeBytes(), sequence, 0));
    assertThat(mappings.release(single, header())).isTrue();
  }

  private void compare(Device device, long first, long last) {
    Former expected = null;
    for (Former one : former) {
      if (one.overlaps(first, last) && (expected == null || one.endedAfter(expected))) {
        expected = one;
      }
    }
    Range found = mappings.ranges().formerlyTouching(device.id(), first, last);
    assertThat(found == null).isEqualTo(expected == null);
    if (found != null) {
      assertThat(found.owner().released().sequence()).isEqualTo(expected.ended);
      assertThat(found.addr()).isEqualTo(expected.addr);
      assertThat(found.sizeBytes()).isEqualTo(expected.size);
    }
  }

  /** Few extents, so that they come again: in other lists, and twice in one. */
  private DmaMapSg list(Random random) {
    int count = 1 + random.nextInt(4);
    long[] addrs = random.longs(count, 0, 8).map(i -> 0x10000 + i * 4096).toArray();
    long[] lengths = random.longs(count, 1, 3).map(i -> i * 4096).toArray();
    U64List dma = U64List.of(addrs);
    U64List phys = U64List.of(random.longs(count, 0, 4).map(i -> i * 4096).toArray());
    return new DmaMapSg(
        header(), "a", DmaDirection.TO_DEVICE, count, count, phys, dma, U64List.of(lengths), 0);
  }

  private static long addr(Random random) {
    return 0x10000 + 4096L * random.nextInt(10);
  }

  private static long size(Random random) {
    return 4096L * (1 + random.nextInt(2));
  }

  private EventHeader header() {
    return new EventHeader(sequence, sequence, 0, 0, "t", 0);
  }
}
