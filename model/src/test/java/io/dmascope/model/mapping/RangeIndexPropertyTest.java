package io.dmascope.model.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.MappingKind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** {@link RangeIndex} finds what a plain list finds, with addresses and sizes of any magnitude. */
class RangeIndexPropertyTest {
  private static final BigInteger TOP = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  /** What stands in a slot. */
  private record Plain(int slot, int device, long addr, long size, boolean live) {}

  private RangeRecords records;
  private RangeIndex index;
  private final List<Plain> plain = new ArrayList<>();
  private final List<Device> devices =
      List.of(new Device(0, "a"), new Device(1, "b"), new Device(9, "c"));

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void shouldFindWhatAPlainListFinds(@ForAll long seed) {
    Random random = new Random(seed);
    records = new RangeRecords(new TaskNames());
    index = new RangeIndex(records);
    plain.clear();
    // Half the runs crowd into a few pages, half spread over everything.
    int spread = random.nextBoolean() ? 1 << 16 : -1;
    for (int i = 0; i < 300; i++) {
      change(random, spread, i);
      int device = devices.get(random.nextInt(devices.size())).id();
      long first = addr(random, spread);
      long last = Addresses.last(first, random.nextBoolean() ? 1 : size(random, spread));
      compare(device, first, last, random.nextInt(3) > 0);
    }
    assertThat(index.size()).isEqualTo(plain.size());
    SlotList found = new SlotList();
    index.all(true, found);
    index.all(false, found);
    assertThat(slots(found)).containsExactlyInAnyOrderElementsOf(slots(plain));
  }

  private void change(Random random, int spread, int sequence) {
    if (!plain.isEmpty() && random.nextInt(3) == 0) {
      Plain gone = plain.remove(random.nextInt(plain.size()));
      index.remove(gone.slot);
      records.free(gone.slot);
      return;
    }
    Device device = devices.get(random.nextInt(devices.size()));
    long addr =
        !plain.isEmpty() && random.nextInt(3) == 0
            ? plain.get(random.nextInt(plain.size())).addr
            : addr(random, spread);
    long size = size(random, spread);
    EventHeader header = new EventHeader(sequence, sequence, 0, 0, "t", 0);
    int slot =
        records.addSingle(
            device, MappingKind.SINGLE, DmaDirection.TO_DEVICE, 0, addr, size, addr, header);
    index.add(slot);
    boolean live = random.nextInt(3) > 0;
    if (!live) {
      index.end(slot);
    }
    plain.add(new Plain(slot, device.id(), addr, size, live));
  }

  private void compare(int device, long first, long last, boolean live) {
    long start = plain.isEmpty() ? first : plain.get(0).addr;
    SlotList found = new SlotList();
    index.atStart(device, start, live, found);
    assertThat(slots(found))
        .containsExactlyInAnyOrderElementsOf(those(device, live, p -> p.addr == start));

    index.overlapping(device, first, last, live, found.clear());
    assertThat(slots(found))
        .containsExactlyInAnyOrderElementsOf(
            those(
                device,
                live,
                p ->
                    p.size != 0
                        && lo(p).compareTo(u(last)) <= 0
                        && hi(p).compareTo(u(first)) >= 0));
  }

  private List<Integer> those(int device, boolean live, Predicate<Plain> test) {
    return slots(
        plain.stream().filter(p -> p.device == device && p.live == live).filter(test).toList());
  }

  private static List<Integer> slots(List<Plain> of) {
    return of.stream().map(Plain::slot).toList();
  }

  private static List<Integer> slots(SlotList found) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      all.add(found.at(i));
    }
    return all;
  }

  private static BigInteger lo(Plain range) {
    return u(range.addr);
  }

  /** A range that would pass the top of the address space ends there. */
  private static BigInteger hi(Plain range) {
    return lo(range).add(u(range.size)).subtract(BigInteger.ONE).min(TOP);
  }

  private static BigInteger u(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }

  private static long addr(Random random, int spread) {
    if (spread > 0) {
      return 0xffff_0000L + random.nextInt(spread);
    }
    long any = random.nextLong();
    return switch (random.nextInt(4)) {
      case 0 -> any;
      case 1 -> -1L - (any & 0xffff);
      case 2 -> any & 0xffff;
      default -> any >>> random.nextInt(64);
    };
  }

  private static long size(Random random, int spread) {
    if (spread > 0) {
      return random.nextInt(10_000);
    }
    return random.nextInt(20) == 0 ? -1L : random.nextLong() >>> random.nextInt(64);
  }
}
