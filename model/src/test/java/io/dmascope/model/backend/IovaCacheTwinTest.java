package io.dmascope.model.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class IovaCacheTwinTest {
  private static final int CPUS = 3;

  @Property(tries = 60)
  void magazines_answerAsListsDo(@ForAll long seed) {
    Random random = new Random(seed);
    IovaCache cache = new IovaCache(CPUS, _ -> {});
    PlainIovaCache plain = new PlainIovaCache(CPUS);
    long pfn = 1;
    for (int step = 0; step < 6000; step++) {
      // Long stretches of one kind fill and empty whole magazines.
      boolean puts = random.nextInt(10) < (step / 700 % 2 == 0 ? 8 : 2);
      int cpu = random.nextInt(CPUS);
      Moment moment = new Moment(step, cpu);
      if (puts) {
        cache.put(pfn, moment);
        plain.put(pfn++, cpu);
      } else {
        long limit = random.nextInt(4) == 0 ? random.nextLong(pfn) : Long.MAX_VALUE;
        assertThat(cache.get(limit, moment)).isEqualTo(plain.get(limit, cpu));
      }
    }
  }

  @Property(tries = 60)
  void aFrameThatIsPutBackOrTakenOut_leavesTheOthersInOrder(@ForAll long seed) {
    Random random = new Random(seed);
    IovaCache cache = new IovaCache(1, _ -> {});
    Moment now = Moment.START;
    for (long pfn = 1; pfn <= 300; pfn++) {
      cache.put(pfn, now);
    }
    long out = 1L + random.nextInt(300);
    assertThat(cache.remove(out, now)).isTrue();
    assertThat(cache.remove(out, now)).isFalse();
    long top = cache.get(Long.MAX_VALUE, now);
    cache.putBack(top, now);

    assertThat(cache.get(Long.MAX_VALUE, now)).isEqualTo(top).isEqualTo(out == 300 ? 299 : 300);
  }
}
