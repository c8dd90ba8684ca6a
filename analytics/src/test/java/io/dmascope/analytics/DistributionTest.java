package io.dmascope.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DistributionTest {
  private final Distribution lifetimes = Distribution.ofLifetimesNs();

  @Test
  void value_onABound_isInThatBucket() {
    lifetimes.add(1_000);
    lifetimes.add(1_001);

    assertThat(lifetimes.counts()).startsWith(1, 1, 0);
  }

  @Test
  void value_beyondTheLastBound_isCountedWithoutABound() {
    lifetimes.add(Long.MAX_VALUE);

    assertThat(lifetimes.counts()).endsWith(1);
    assertThat(lifetimes.quantileAtMost(0.5)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void negativeValue_countsAsZero() {
    lifetimes.add(-5);

    assertThat(lifetimes.sum()).isZero();
    assertThat(lifetimes.counts()).startsWith(1);
  }

  @Test
  void quantile_isTheBoundOfItsBucket() {
    for (int i = 0; i < 98; i++) {
      lifetimes.add(2_000);
    }
    lifetimes.add(9_000_000);
    lifetimes.add(9_000_000);

    assertThat(lifetimes.quantileAtMost(0.5)).isEqualTo(3_000);
    assertThat(lifetimes.quantileAtMost(0.99)).isEqualTo(10_000_000);
  }

  @Test
  void quantile_ofNothing_isAbsent() {
    assertThat(lifetimes.quantileAtMost(0.5)).isEqualTo(-1);
  }
}
