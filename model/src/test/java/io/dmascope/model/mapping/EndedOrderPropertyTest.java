package io.dmascope.model.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.EventHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** {@link EndedOrder} keeps what a plain list keeps, in its order. */
class EndedOrderPropertyTest {
  private record Plain(int number, int slot, EventHeader end) {}

  private final List<Plain> plain = new ArrayList<>();
  private EndedOrder order;

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void shouldKeepWhatAPlainListKeeps(@ForAll long seed) {
    Random random = new Random(seed);
    order = new EndedOrder(new TaskNames());
    plain.clear();
    for (int i = 0; i < 400; i++) {
      if (!plain.isEmpty() && random.nextInt(3) == 0) {
        order.remove(plain.remove(random.nextInt(plain.size())).number);
      } else {
        add(random, i);
      }
      compare();
    }
  }

  /** Mostly at the end, as events come; now and then elsewhere, as one event ends several. */
  private void add(Random random, int slot) {
    int at = random.nextInt(4) == 0 ? random.nextInt(plain.size() + 1) : plain.size();
    int after = at == 0 ? EndedOrder.NONE : plain.get(at - 1).number;
    EventHeader end = header(random);
    plain.add(at, new Plain(order.add(slot, end, after), slot, end));
  }

  private void compare() {
    assertThat(order.size()).isEqualTo(plain.size());
    int number = order.newest();
    for (Plain expected : plain.reversed()) {
      assertThat(number).isEqualTo(expected.number);
      assertThat(order.slot(number)).isEqualTo(expected.slot);
      assertThat(order.list(number)).isNull();
      assertThat(order.end(number)).isEqualTo(expected.end);
      assertThat(order.endSequence(number)).isEqualTo(expected.end.sequence());
      number = order.older(number);
    }
    assertThat(number).isEqualTo(EndedOrder.NONE);
    int oldest = plain.isEmpty() ? EndedOrder.NONE : plain.getFirst().number;
    assertThat(order.oldest()).isEqualTo(oldest);
  }

  /** Some of them too large for words. */
  private static EventHeader header(Random random) {
    return new EventHeader(
        random.nextLong() >>> (1 + random.nextInt(60)),
        random.nextLong(),
        random.nextInt(10_000) - 1,
        random.nextInt(),
        "task" + random.nextInt(20),
        random.nextLong() >>> random.nextInt(60));
  }
}
