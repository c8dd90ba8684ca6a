package io.dmascope.model.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.event.EventHeader;
import io.dmascope.model.event.U64List;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** {@link SgIndex} finds what a plain list of scatterlists finds. */
class SgIndexPropertyTest {
  private SgIndex index;
  private final List<MappedList> plain = new ArrayList<>();
  private final List<Device> devices = List.of(new Device(0, "a"), new Device(1, "b"));

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void shouldFindWhatAPlainListFinds(@ForAll long seed) {
    Random random = new Random(seed);
    index = new SgIndex();
    plain.clear();
    for (int i = 0; i < 300; i++) {
      if (!plain.isEmpty() && random.nextInt(3) == 0) {
        MappedList gone = plain.remove(random.nextInt(plain.size()));
        index.remove(gone);
      } else {
        MappedList list = list(random, i);
        index.add(list);
        plain.add(list);
      }
      compare(random.nextInt(2), phys(random), random);
    }
  }

  private void compare(int device, long[] phys, Random random) {
    U64List asked = U64List.of(phys);
    int nents = phys.length + (random.nextInt(5) == 0 ? 100 : 0);
    assertSame(
        index.same(device, asked, nents),
        those(device, o -> o.nents() == nents && agree(o.physAddrs().toArray(), phys)));
    assertSame(
        index.beginningAlike(device, asked),
        those(device, o -> agree(o.physAddrs().toArray(), phys)));
  }

  private static void assertSame(List<MappedList> found, List<MappedList> expected) {
    assertThat(found).hasSameSizeAs(expected);
    assertThat(Set.copyOf(found)).isEqualTo(Set.copyOf(expected));
  }

  private List<MappedList> those(int device, Predicate<MappedList> test) {
    return plain.stream().filter(o -> o.device().id() == device).filter(test).toList();
  }

  private static boolean agree(long[] a, long[] b) {
    int common = Math.min(a.length, b.length);
    return Arrays.equals(Arrays.copyOf(a, common), Arrays.copyOf(b, common));
  }

  private MappedList list(Random random, int sequence) {
    long[] phys = phys(random);
    int hidden = random.nextInt(5) == 0 ? 100 : 0;
    return new MappedList(
        devices.get(random.nextInt(2)),
        DmaDirection.TO_DEVICE,
        0,
        phys.length + hidden,
        phys.length + hidden,
        U64List.of(phys),
        U64List.of(phys),
        U64List.of(new long[phys.length]),
        new EventHeader(sequence, sequence, 0, 0, "t", 0));
  }

  /** Few first addresses and few entries, so that lists begin alike; unsigned ones among them. */
  private static long[] phys(Random random) {
    long[] phys = new long[1 + random.nextInt(4)];
    for (int i = 0; i < phys.length; i++) {
      phys[i] = random.nextInt(3) * 4096L - (random.nextBoolean() ? 4096 : 0);
    }
    return phys;
  }
}
