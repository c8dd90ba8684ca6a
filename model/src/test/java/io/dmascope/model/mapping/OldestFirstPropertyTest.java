package io.dmascope.model.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.MappingKind;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** {@link OldestFirst} names the one that a plain look at all finds the oldest. */
class OldestFirstPropertyTest {
  private final Device device = new Device(0, "a");
  private final Map<Integer, Long> plain = new HashMap<>();
  private RangeRecords records;

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void shouldNameTheOldestOfAll(@ForAll long seed) {
    Random random = new Random(seed);
    plain.clear();
    records = new RangeRecords(new TaskNames());
    OldestFirst oldest = new OldestFirst(new LiveObjects(records, new ListStore()));
    for (int i = 0; i < 400; i++) {
      change(random, i);
      if (random.nextInt(3) == 0 && !plain.isEmpty()) {
        int named = oldest.next(device.id(), true, plain.size());
        assertThat(named).isEqualTo(oldestOfAll());
        plain.remove(named); // whoever asks forgets it
        records.free(named);
      }
    }
  }

  /** Maps one, maps an old one again, or ends one. */
  private void change(Random random, int sequence) {
    int slot = plain.isEmpty() ? -1 : anyOf(random);
    int what = slot < 0 ? 0 : random.nextInt(5);
    switch (what) {
      case 3 -> {
        records.mapAgain(slot, header(sequence));
        plain.put(slot, (long) sequence);
      }
      case 4 -> {
        records.free(slot);
        plain.remove(slot);
      }
      default -> {
        DmaDirection direction = DmaDirection.TO_DEVICE;
        int added =
            records.addSingle(
                device, MappingKind.SINGLE, direction, 0, 4096, 4096, 0, header(sequence));
        plain.put(added, (long) sequence);
      }
    }
  }

  private int anyOf(Random random) {
    return plain.keySet().stream().skip(random.nextInt(plain.size())).findFirst().orElseThrow();
  }

  private int oldestOfAll() {
    return plain.entrySet().stream()
        .min(Comparator.comparingLong(Map.Entry::getValue))
        .orElseThrow()
        .getKey();
  }

  private static EventHeader header(int sequence) {
    return new EventHeader(sequence, sequence, 0, 0, "t", 0);
  }
}
