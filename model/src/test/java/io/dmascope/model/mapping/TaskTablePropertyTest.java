package io.dmascope.model.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * {@link TaskTable} remembers the tasks that a plain map in the order of access remembers, also
 * when it is stored and brought back in between.
 */
class TaskTablePropertyTest {
  private final Map<Integer, byte[]> store = new HashMap<>();
  private final List<Long> forgotten = new ArrayList<>();

  @Property(tries = 20, shrinking = ShrinkingMode.OFF)
  void shouldRememberWhatAPlainMapRemembers(@ForAll long seed) {
    Random random = new Random(seed);
    TaskTable table = new TaskTable();
    Map<Long, Boolean> plain = new LinkedHashMap<>(64, 0.75f, true);
    store.clear();
    forgotten.clear();
    for (int sequence = 0; sequence < 6000; sequence++) {
      // Small numbers come again and again; idle tasks have negative ones.
      long key = (long) (Math.abs(random.nextGaussian()) * 800) - 100;
      boolean known = plain.get(key) != null;
      assertThat(table.find(key, sequence) != null).isEqualTo(known);
      if (!known) {
        add(table, plain, key, sequence);
      }
      if (random.nextInt(300) == 0) {
        table.saveChanges(store::put);
        table = random.nextBoolean() ? restored() : table;
      }
    }
    assertThat(table.all().stream().map(task -> task.key))
        .containsExactlyInAnyOrderElementsOf(plain.keySet());
  }

  private void add(TaskTable table, Map<Long, Boolean> plain, long key, int sequence) {
    int before = forgotten.size();
    table.add(key, sequence, task -> forgotten.add(task.key));
    plain.put(key, true);
    if (plain.size() > TaskTable.TASKS_MAX) {
      long quietest = plain.keySet().iterator().next();
      plain.remove(quietest);
      assertThat(forgotten.subList(before, forgotten.size())).containsExactly(quietest);
    } else {
      assertThat(forgotten).hasSize(before);
    }
  }

  private TaskTable restored() {
    TaskTable table = new TaskTable();
    store.forEach(table::restore);
    return table;
  }
}
