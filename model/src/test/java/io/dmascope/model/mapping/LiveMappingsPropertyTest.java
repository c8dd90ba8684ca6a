package io.dmascope.model.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.MappingKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Lookups agree with a naive list that keeps one entry a mapping, as dma-debug does: {@code
 * kernel/dma/debug.c __hash_bucket_find()}.
 */
class LiveMappingsPropertyTest {
  private static final long[] SIZES = {512, 1500, 4096, 8192};
  private static final DmaDirection[] DIRECTIONS = {
    DmaDirection.TO_DEVICE, DmaDirection.FROM_DEVICE, DmaDirection.BIDIRECTIONAL
  };
  private static final MappingKind[] KINDS = {
    MappingKind.SINGLE, MappingKind.RESOURCE, MappingKind.COHERENT
  };

  /** One mapping, as the kernel keeps it: equal ones stand beside each other. */
  private record Entry(
      int device, MappingKind kind, DmaDirection direction, long addr, long size, long sequence) {
    boolean isEqual(MappingKind otherKind, DmaDirection otherDirection, long otherSize) {
      return kind == otherKind && direction == otherDirection && size == otherSize;
    }

    boolean contains(long first, long last) {
      return addr <= first && last <= addr + size - 1;
    }
  }

  private static DeviceTable twoDevices() {
    DeviceTable devices = new DeviceTable();
    devices.of("a");
    devices.of("b");
    return devices;
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void shouldFindWhatTheKernelFinds(@ForAll long seed) {
    Random random = new Random(seed);
    DeviceTable devices = twoDevices();
    LiveMappings mappings = new LiveMappings(devices);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Entry asked = entry(random, i);
      compareContaining(mappings, entries, asked);
      int match =
          mappings.matchStart(
              asked.device, asked.kind, asked.direction, asked.addr, asked.size, LiveMappings.NONE);
      Entry expected = bestFit(entries, asked);
      assertMatch(mappings, match, expected);
      if (match != LiveMappings.NONE && random.nextBoolean()) {
        mappings.release(mappings.object(match), header(i));
        entries.remove(expected);
      } else {
        mappings.addSingle(
            devices.at(asked.device),
            asked.kind,
            asked.direction,
            0,
            asked.addr,
            asked.size,
            asked.addr,
            header(i));
        entries.add(asked);
      }
      assertThat(liveInstances(mappings)).isEqualTo(entries.size());
    }
  }

  /**
   * An entry that agrees in size, kind and direction, the oldest of them; else the only one that
   * starts there. Entries that agree in everything are one candidate: nobody could tell them apart.
   */
  private static Entry bestFit(List<Entry> entries, Entry asked) {
    List<Entry> there =
        entries.stream().filter(e -> e.device == asked.device && e.addr == asked.addr).toList();
    for (Entry entry : there) {
      if (entry.isEqual(asked.kind, asked.direction, asked.size)) {
        return entry;
      }
    }
    boolean allEqual =
        there.stream().allMatch(e -> there.get(0).isEqual(e.kind, e.direction, e.size));
    return there.isEmpty() || !allEqual ? null : there.get(0);
  }

  private static void compareContaining(LiveMappings mappings, List<Entry> entries, Entry asked) {
    long first = asked.addr + 256;
    long last = first + asked.size / 2 - 1;
    int slot = mappings.ranges().slotContaining(asked.device, asked.direction, first, last);
    List<Entry> expected =
        entries.stream().filter(e -> e.device == asked.device && e.contains(first, last)).toList();
    assertThat(slot != LiveMappings.NONE).isEqualTo(!expected.isEmpty());
    if (slot == LiveMappings.NONE) {
      return;
    }
    Range found = mappings.ranges().range(slot);
    assertThat(found.addr()).isLessThanOrEqualTo(first);
    assertThat(found.lastAddr()).isGreaterThanOrEqualTo(last);
    // dma-debug would complain about a direction only where no entry around the bytes serves it.
    assertThat(serves(found.owner().direction(), asked.direction))
        .isEqualTo(expected.stream().anyMatch(e -> serves(e.direction, asked.direction)));
  }

  private static boolean serves(DmaDirection mapped, DmaDirection used) {
    return mapped == used || mapped == DmaDirection.BIDIRECTIONAL;
  }

  private static void assertMatch(LiveMappings mappings, int slot, Entry expected) {
    if (expected == null) {
      assertThat(slot).isEqualTo(LiveMappings.NONE);
      return;
    }
    Range found = mappings.ranges().range(slot);
    assertThat(found.addr()).isEqualTo(expected.addr);
    assertThat(found.sizeBytes()).isEqualTo(expected.size);
    assertThat(found.owner().kind()).isEqualTo(expected.kind);
    assertThat(found.owner().direction()).isEqualTo(expected.direction);
  }

  private static long liveInstances(LiveMappings mappings) {
    return mappings.ranges().live().stream().mapToLong(range -> range.owner().instances()).sum();
  }

  private static Entry entry(Random random, int sequence) {
    return new Entry(
        random.nextInt(2),
        KINDS[random.nextInt(KINDS.length)],
        DIRECTIONS[random.nextInt(DIRECTIONS.length)],
        0x10000 + 1024L * random.nextInt(12),
        SIZES[random.nextInt(SIZES.length)],
        sequence);
  }

  private static EventHeader header(int sequence) {
    return new EventHeader(sequence, sequence, 0, 0, "t", 0);
  }
}
