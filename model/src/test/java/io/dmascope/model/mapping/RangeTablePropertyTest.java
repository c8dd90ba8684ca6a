package io.dmascope.model.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.finding.MappingKind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** {@link RangeTable} finds what a plain list finds, with addresses and sizes of any magnitude. */
class RangeTablePropertyTest {
  private static final BigInteger TOP = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private RangeTable table;
  private final List<Range> plain = new ArrayList<>();
  private final List<Device> devices =
      List.of(new Device(0, "a"), new Device(1, "b"), new Device(9, "c"));

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void shouldFindWhatAPlainListFinds(@ForAll long seed) {
    Random random = new Random(seed);
    table = new RangeTable();
    plain.clear();
    // Half the runs crowd into a few pages, half spread over everything.
    int spread = random.nextBoolean() ? 1 << 16 : -1;
    for (int i = 0; i < 300; i++) {
      change(random, spread, i);
      int device = devices.get(random.nextInt(devices.size())).id();
      long first = addr(random, spread);
      long last = Addresses.last(first, random.nextBoolean() ? 1 : size(random, spread));
      compare(device, first, last);
    }
    assertThat(table.size()).isEqualTo(plain.size());
    assertSame(table.sorted(), plain);
  }

  private void change(Random random, int spread, int sequence) {
    if (!plain.isEmpty() && random.nextInt(3) == 0) {
      Range gone = plain.remove(random.nextInt(plain.size()));
      table.remove(gone);
      table.remove(gone);
      return;
    }
    Device device = devices.get(random.nextInt(devices.size()));
    long addr =
        !plain.isEmpty() && random.nextInt(3) == 0
            ? plain.get(random.nextInt(plain.size())).addr
            : addr(random, spread);
    Range range = range(device, addr, size(random, spread), sequence);
    table.add(range);
    plain.add(range);
  }

  private void compare(int device, long first, long last) {
    long start = plain.isEmpty() ? first : plain.get(0).addr;
    RangeList found = new RangeList();
    table.atStart(device, start, found);
    assertSame(listed(found), those(device, r -> r.addr == start));

    table.containing(device, first, last, found.clear());
    assertSame(
        listed(found),
        those(
            device,
            r -> !isEmpty(r) && lo(r).compareTo(u(first)) <= 0 && hi(r).compareTo(u(last)) >= 0));

    table.overlapping(device, first, last, found.clear());
    assertSame(
        listed(found),
        those(
            device,
            r -> !isEmpty(r) && lo(r).compareTo(u(last)) <= 0 && hi(r).compareTo(u(first)) >= 0));
  }

  private static void assertSame(List<Range> found, List<Range> expected) {
    assertThat(found).hasSameSizeAs(expected);
    assertThat(Set.copyOf(found)).isEqualTo(Set.copyOf(expected));
  }

  private List<Range> those(int device, Predicate<Range> test) {
    return plain.stream().filter(r -> r.owner.device().id() == device).filter(test).toList();
  }

  private static List<Range> listed(RangeList found) {
    List<Range> all = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      all.add(found.at(i));
    }
    return all;
  }

  private static boolean isEmpty(Range range) {
    return range.sizeBytes == 0;
  }

  private static BigInteger lo(Range range) {
    return u(range.addr);
  }

  /** A range that would pass the top of the address space ends there. */
  private static BigInteger hi(Range range) {
    return lo(range).add(u(range.sizeBytes)).subtract(BigInteger.ONE).min(TOP);
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

  static Range range(Device device, long addr, long size, long sequence) {
    EventHeader header = new EventHeader(sequence, sequence, 0, 0, "t", 0);
    return MappedObject.single(
            device, MappingKind.SINGLE, DmaDirection.TO_DEVICE, 0, addr, size, addr, header)
        .range(0);
  }
}
