package io.dmascope.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.dmascope.model.event.DmaDirection;
import io.dmascope.model.finding.EventRef;
import io.dmascope.model.finding.MappingKind;
import io.dmascope.model.finding.MappingLifecycle;
import java.util.List;
import org.junit.jupiter.api.Test;

class MappingColumnsTest {
  private final MappingColumns columns = new MappingColumns(256);

  @Test
  void rowKeepsEveryMember() {
    MappingLifecycle mapping =
        new MappingLifecycle(
            "0000:03:00.0",
            MappingKind.SCATTER_GATHER,
            DmaDirection.FROM_DEVICE,
            0xffff_ffff_ffff_f000L,
            8192,
            300,
            7,
            new EventRef(10, 1_000, 2, 3, "nvme", 11),
            new EventRef(20, 5_000, 2, 3, "idle", 21));

    columns.add(mapping);

    assertThat(columns.select("", 0, 10_000, 10).rows())
        .containsExactly(
            new MappingColumns.Row(
                "0000:03:00.0",
                "nvme",
                MappingKind.SCATTER_GATHER,
                DmaDirection.FROM_DEVICE,
                0xffff_ffff_ffff_f000L,
                8192,
                1_000,
                5_000,
                10,
                20,
                300,
                7));
  }

  @Test
  void select_takesWhatOverlapsTheRange() {
    add(100, 200);
    add(150, 400);
    add(500, 600);

    assertThat(starts(columns.select("", 200, 450, 10))).containsExactly(100L, 150L);
    assertThat(starts(columns.select("", 401, 499, 10))).isEmpty();
  }

  @Test
  void whenFull_theWholeTimeStaysVisibleAndNothingGoesUncounted() {
    for (int i = 0; i < 10_000; i++) {
      add(i, i + 1);
    }

    MappingColumns.Selection all = columns.select("", 0, Long.MAX_VALUE, 1_000);

    assertThat(columns.total()).isEqualTo(10_000);
    assertThat(all.every()).isEqualTo(64);
    assertThat(starts(all)).allMatch(start -> start % 64 == 0).hasSize((10_000 + 63) / 64);
  }

  @Test
  void limit_spreadsOverWhatMatches() {
    for (int i = 0; i < 200; i++) {
      add(i, i + 1);
    }

    MappingColumns.Selection few = columns.select("", 0, 1_000, 50);

    assertThat(few.matching()).isEqualTo(200);
    assertThat(starts(few)).hasSize(50).startsWith(0L, 4L).endsWith(196L);
  }

  private static List<Long> starts(MappingColumns.Selection selection) {
    return selection.rows().stream().map(MappingColumns.Row::mappedNs).toList();
  }

  private void add(long mappedNs, long unmappedNs) {
    columns.add(
        new MappingLifecycle(
            "dev",
            MappingKind.SINGLE,
            DmaDirection.TO_DEVICE,
            0x1000,
            64,
            1,
            1,
            new EventRef(1, mappedNs, 0, 1, "a", 1),
            new EventRef(2, unmappedNs, 0, 1, "a", 2)));
  }
}
