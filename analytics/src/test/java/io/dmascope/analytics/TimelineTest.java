package io.dmascope.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TimelineTest {
  @Property(tries = 200)
  void anyCapture_fitsAndEndsInThePresent(
      @ForAll @Size(min = 1, max = 300) List<@LongRange(max = 1_000_000) Long> gapsNs,
      @ForAll @IntRange(min = 4, max = 40) int pointsMax) {
    Timeline timeline = new Timeline(pointsMax, 1);
    long t = 0;
    for (int i = 0; i < gapsNs.size(); i++) {
      t += gapsNs.get(i);
      timeline.add(t, i);
    }

    assertThat(timeline.timestampsNs()).hasSizeLessThan(pointsMax).isSorted().endsWith(t);
    assertThat(timeline.column(0)).isSorted().endsWith(gapsNs.size() - 1L);
  }

  @Test
  void longCapture_keepsEvenSpacing() {
    Timeline timeline = new Timeline(16, 1);
    for (int t = 0; t < 10_000; t++) {
      timeline.add(t, t);
    }

    long[] t = timeline.timestampsNs();
    long widest = 0;
    for (int i = 1; i < t.length; i++) {
      widest = Math.max(widest, t[i] - t[i - 1]);
    }
    assertThat(t).hasSizeGreaterThanOrEqualTo(8);
    assertThat(widest).isLessThan(4 * 10_000 / t.length);
  }

  @Test
  void stampThatGoesBack_isNotDrawn() {
    Timeline timeline = new Timeline(16, 1);
    timeline.add(10, 1);
    timeline.add(9, 2);

    assertThat(timeline.timestampsNs()).containsExactly(10);
    assertThat(timeline.column(0)).containsExactly(1);
  }

  @Test
  void countOfThePast_isPutWhereItBelongs() {
    Timeline timeline = new Timeline(16, 1);
    timeline.addCount(40, 100);
    timeline.addCount(10, 20);
    timeline.addCount(30, 70);
    timeline.addCount(20, 90);

    assertThat(timeline.timestampsNs()).containsExactly(10, 30, 40);
    assertThat(timeline.column(0)).containsExactly(20, 70, 100);
  }
}
