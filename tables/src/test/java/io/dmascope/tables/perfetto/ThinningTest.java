package io.dmascope.tables.perfetto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ThinningTest {
  @Test
  void fewThings_areAllDrawn() {
    assertThat(drawn(Thinning.PER_STEP)).isEqualTo(Thinning.PER_STEP);
  }

  @Test
  void manyThings_areDrawnByTheLogarithm() {
    // 100,000, then half of 200,000, then a quarter of 400,000.
    assertThat(drawn(7L * Thinning.PER_STEP)).isBetween(299_990L, 300_010L);
  }

  @Test
  void lane_isTakenByWhatBeginsWhereAnotherEnded() {
    Lanes lanes = new Lanes();
    assertThat(lanes.take(0)).isZero();
    lanes.give(10, 1);

    assertThat(lanes.take(9)).isZero();
    assertThat(lanes.take(10)).isEqualTo(1);
    assertThat(lanes.take(11)).isZero();
  }

  private static long drawn(long things) {
    Thinning thinning = new Thinning();
    long drawn = 0;
    for (long i = 0; i < things; i++) {
      drawn += thinning.draws() ? 1 : 0;
    }
    assertThat(drawn + thinning.left()).isEqualTo(things);
    return drawn;
  }
}
