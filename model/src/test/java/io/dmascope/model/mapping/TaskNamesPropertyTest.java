package io.dmascope.model.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** {@link TaskNames} gives back the name of every number that is held, as a plain list does. */
class TaskNamesPropertyTest {
  private record Held(int number, String name) {}

  @Property(tries = 40, shrinking = ShrinkingMode.OFF)
  void shouldGiveBackWhatAPlainListHolds(@ForAll long seed) {
    Random random = new Random(seed);
    TaskNames names = new TaskNames();
    List<Held> held = new ArrayList<>();
    int different = 1 + random.nextInt(1000); // few names come again, many make numbers short
    for (int i = 0; i < 3000; i++) {
      if (!held.isEmpty() && random.nextInt(20) < 9) {
        names.drop(held.remove(random.nextInt(held.size())).number);
      } else {
        String name = "task" + random.nextInt(different);
        held.add(new Held(names.take(name), name));
      }
      if (i % 100 == 0) {
        compare(names, held);
      }
    }
    compare(names, held);
  }

  /** Every number has its name, and no two numbers have one. */
  private static void compare(TaskNames names, List<Held> held) {
    Set<Held> distinct = new HashSet<>(held);
    for (Held one : distinct) {
      assertThat(names.name(one.number)).isEqualTo(one.name);
    }
    assertThat(distinct.stream().map(Held::name)).doesNotHaveDuplicates();
    assertThat(distinct.stream().map(Held::number)).doesNotHaveDuplicates();
  }
}
