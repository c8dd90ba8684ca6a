package io.dmascope.analytics.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PaintTest {
  @Test
  void colour_takesNoRoom() {
    assertThat(Paint.width(Paint.COLOUR.good("none"))).isEqualTo(4);
  }

  @Test
  void plain_addsNothing() {
    assertThat(Paint.PLAIN.note("note")).isEqualTo("note");
  }
}
