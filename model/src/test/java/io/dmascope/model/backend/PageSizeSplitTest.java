package io.dmascope.model.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dmascope.model.backend.PageSizeSplit.Step;
import org.junit.jupiter.api.Test;

class PageSizeSplitTest {
  private static final long PAGES = IommuParameters.PAGES_4K_2M_1G;

  @Test
  void z1_smallPagesLeadUpToLargeOnes() {
    assertThat(PageSizeSplit.split(PAGES, 0x1ff000, 0x7ff000, 0x402000))
        .containsExactly(new Step(0x1000, 1), new Step(0x200000, 2), new Step(0x1000, 1));
  }

  @Test
  void z2_addressesThatLieDifferently_takeSmallPagesOnly() {
    assertThat(PageSizeSplit.split(PAGES, 0x1ff000, 0x800000, 0x402000))
        .containsExactly(new Step(0x1000, 0x402));
  }

  @Test
  void z3_oneHugePage() {
    assertThat(PageSizeSplit.split(PAGES, 0x40000000, 0x80000000L, 0x40000000))
        .containsExactly(new Step(0x40000000, 1));
  }

  @Test
  void addressZero_allowsEverySize() {
    assertThat(PageSizeSplit.split(PAGES, 0, 0, 0x200000)).containsExactly(new Step(0x200000, 1));
  }

  @Test
  void anUnalignedRange_isNoRange() {
    assertThatThrownBy(() -> PageSizeSplit.split(PAGES, 0x800, 0, 0x1000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0x800");
  }
}
