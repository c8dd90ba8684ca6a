package io.dmascope.model.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TaskNamesTest {
  private final TaskNames names = new TaskNames();

  @Test
  void name_keepsItsNumber_whileSomebodyHoldsIt() {
    int held = names.take("kworker");
    for (int i = 0; i < 200_000; i++) {
      names.drop(names.take("task" + i));
    }
    assertThat(names.name(held)).isEqualTo("kworker");
    assertThat(names.take("kworker")).isEqualTo(held);
  }

  @Test
  void equalNames_haveOneNumber() {
    assertThat(names.take(String.valueOf(new char[] {'a', 'b'}))).isEqualTo(names.take("ab"));
  }

  @Test
  void namesWithoutEnd_haveNoNumber_whenAllAreTaken() {
    for (int i = 0; i < TaskNames.NONE; i++) {
      assertThat(names.take("task" + i)).isNotEqualTo(TaskNames.NONE);
    }
    assertThat(names.take("one more")).isEqualTo(TaskNames.NONE);
    names.drop(0);
    assertThat(names.take("one more")).isZero();
  }
}
